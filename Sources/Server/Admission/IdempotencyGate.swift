import Conversations
import Crypto
import Foundation
import HTTPTypes
import JSON
import Tenancy

/// Lets a POST with an `Idempotency-Key` be carried out once, and gives its answer again.
struct IdempotencyGate: Sendable {
    let store: IdempotencyStore

    /// Runs `handler`, once for each key.
    ///
    /// - Parameter handler: gets the id for what it makes; `nil` when the request has no key.
    nonisolated(nonsending) func run(
        _ request: Request, _ route: Route, _ caller: Admitted, body: [UInt8], input: Input,
        _ handler: nonisolated(nonsending) (UUID?) async throws -> Answer
    ) async throws -> Answer {
        guard route.method == .post, let key = request.headers[.idempotencyKey] else { return try await handler(nil) }
        guard (1...IdempotencyStore.maximumKeyLength).contains(key.unicodeScalars.count) else {
            throw Problem.invalid("Idempotency-Key", "too_long", "must have 1 to 255 characters")
        }
        let scope = Self.scope(caller, request, input)
        let decision = try await store.claim(scope, key: key, fingerprint: Self.fingerprint(request, caller, body))
        switch decision {
        case .started(let claim): return try await carryOut(claim, handler)
        case .replay(let stored): return Self.answer(stored)
        case .mismatch:
            throw Problem(
                status: .unprocessableContent, code: .idempotencyMismatch,
                detail: "This Idempotency-Key was used for a request with another body, path or caller.")
        case .running(let seconds):
            var problem = Problem.conflict("The first request with this Idempotency-Key is still being carried out.")
            problem.headers[.retryAfter] = String(seconds)
            throw problem
        }
    }

    nonisolated(nonsending) private func carryOut(
        _ claim: IdempotencyClaim, _ handler: nonisolated(nonsending) (UUID?) async throws -> Answer
    ) async throws -> Answer {
        let answer: Answer
        do {
            answer = try await handler(claim.resourceId)
        } catch {
            // Nothing was done, or it is not known what: a repeat runs again, under the same id.
            try? await store.abandon(claim)
            throw error
        }
        guard case .bytes(let bytes) = answer.body else {
            if case .none = answer.body { try await keep(claim, answer, []) } else { try await store.abandon(claim) }
            return answer
        }
        try await keep(claim, answer, bytes)
        return answer
    }

    private func keep(_ claim: IdempotencyClaim, _ answer: Answer, _ bytes: [UInt8]) async throws {
        let headers = answer.headers.map { StoredAnswer.Header($0.name.rawName, $0.value) }
        try await store.complete(claim, with: StoredAnswer(status: answer.status.code, headers: headers, body: bytes))
    }

    private static func answer(_ stored: StoredAnswer) -> Answer {
        var headers = AnswerHeaders()
        for header in stored.headers {
            if let name = HTTPField.Name(header.name) { headers[name] = header.value }
        }
        headers[.idempotencyReplayed] = "true"
        return Answer(
            status: HTTPResponse.Status(code: stored.status), headers: headers,
            body: stored.body.isEmpty ? .none : .bytes(stored.body))
    }

    /// Within what a key means the same: the company; for a visitor, themselves; for strangers, the path and the
    /// account or browser which they name, else where they come from, so that one cannot take another's key.
    private static func scope(_ caller: Admitted, _ request: Request, _ input: Input) -> IdempotencyScope {
        if let scope = caller.scope {
            guard let customer = scope.customerId else { return .company(scope.companyId) }
            return .anonymous("visitor \(scope.companyId.lowercased) \(customer.lowercased)")
        }
        if let user = caller.identity?.userId { return .anonymous("user \(user.lowercased)") }
        let account = input.string("email")?.lowercased() ?? input.string("visitorId") ?? caller.address
        return .anonymous("\(request.path) \(account)")
    }

    /// What makes the request what it is: who sends it, where to, and every byte of it.
    private static func fingerprint(_ request: Request, _ caller: Admitted, _ body: [UInt8]) -> [UInt8] {
        var hash = SHA256()
        let actor = caller.scope?.actorId.lowercased ?? caller.identity?.userId?.lowercased ?? "nobody"
        for part in [request.method.rawValue, request.target, actor] { hash.update(data: Data("\(part)\n".utf8)) }
        hash.update(data: body)
        return Array(hash.finalize())
    }
}
