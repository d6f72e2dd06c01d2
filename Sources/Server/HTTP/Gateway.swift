import Foundation
import HTTPTypes
import JSON
import Logging
import NIOHTTP1
import Tenancy

/// The straight way of every request to its route: who calls, may they, is it well-formed, was it asked before; then
/// the handler; then the headers that every answer has.
struct Gateway: Sendable {
    let admission: Admission
    let idempotency: IdempotencyGate
    let crossOrigin: CrossOrigin

    /// Answers a request for a known route.
    nonisolated(nonsending) func respond(to request: Request, by route: Route) async throws -> Answer {
        var headers = AnswerHeaders()
        var answer: Answer
        var caller: Admitted?
        do {
            answer = try await run(request, route, &headers, &caller)
            Conditional.apply(request.headers, method: request.method, to: &answer)
        } catch let error as HTTPParserError {
            throw error
        } catch {
            answer = Failure.problem(error, request).answer(requestId: request.requestId)
        }
        await crossOrigin.apply(request, caller: caller, to: &answer)
        answer.headers.add(headers)
        return answer
    }

    /// Answers a request for a known path with a method that it does not have.
    func refuse(_ request: Request, allowed: [HTTPRequest.Method]) async -> Answer {
        let list = Self.list(allowed)
        var problem = Problem(
            status: .methodNotAllowed, code: .methodNotAllowed,
            detail: "This path knows \(list), not \(request.method).")
        problem.headers[.allow] = list
        return await refuse(request, with: problem)
    }

    /// Says which methods a known path has; browsers ask this before a call from another site.
    func options(_ request: Request, allowed: [HTTPRequest.Method]) async -> Answer {
        var headers = AnswerHeaders()
        do {
            _ = try await admission.admit(request, to: .open, headers: &headers)
        } catch {
            var problem = Failure.problem(error, request)
            problem.headers.add(headers)
            return problem.answer(requestId: request.requestId)
        }
        headers.add(CrossOrigin.preflight(request, methods: Self.list(allowed)))
        return Answer(status: .noContent, headers: headers)
    }

    /// The methods for an `Allow` header: whatever answers GET answers HEAD, and everything answers OPTIONS.
    private static func list(_ methods: [HTTPRequest.Method]) -> String {
        let all = methods + (methods.contains(.get) ? [.head, .options] : [.options])
        return Set(all).map(\.rawValue).sorted().joined(separator: ", ")
    }

    /// Answers with `problem`, limited by address like everything that needs no caller.
    func refuse(_ request: Request, with problem: Problem) async -> Answer {
        var headers = AnswerHeaders()
        var problem = problem
        do {
            _ = try await admission.admit(request, to: .open, headers: &headers)
        } catch {
            problem = Failure.problem(error, request)
        }
        problem.headers.add(headers)
        return problem.answer(requestId: request.requestId)
    }

    nonisolated(nonsending) private func run(
        _ request: Request, _ route: Route, _ headers: inout AnswerHeaders, _ admitted: inout Admitted?
    ) async throws -> Answer {
        let conversation = route.edition.flatMap { request.parameters.get($0) }.flatMap { UUID(strict: $0) }
        let caller = try await admission.admit(
            request, to: route.access, editionOf: conversation, headers: &headers)
        admitted = caller
        let query = try QueryParameter.read(route.query, from: QueryText.items(request.query))
        try await route.precheck(request)
        let body = route.method == .get ? [] : try await BodyReader.collect(request, upTo: route.maximumBytes)
        let input = try BodyReader.input(body, of: request, for: route)
        return try await idempotency.run(request, route, caller, body: body, input: input) { resourceId in
            try await route.handler(
                Call(
                    request: request, caller: caller, query: query, input: input, bodyBytes: body,
                    resourceId: resourceId))
        }
    }
}

/// Errors on their way out: known ones as they are, unknown ones logged.
enum Failure {
    static func problem(_ error: any Error, _ request: Request) -> Problem {
        let problem = ProblemTranslator.problem(for: error)
        if problem.status.code >= 500 {
            request.logger.log(
                level: problem.code == .internalError ? .error : .warning, "request failed",
                metadata: ["requestId": "\(request.requestId)", "error": "\(error)"])
        }
        return problem
    }
}

/// Conditional requests of RFC 9110 section 13.
enum Conditional {
    /// Turns a 200 whose entity tag the caller has already into a 304.
    static func apply(_ headers: RequestHeaders, method: HTTPRequest.Method, to answer: inout Answer) {
        guard method == .get || method == .head, answer.status == .ok, let tag = answer.headers[.eTag],
            let condition = headers[.ifNoneMatch], ETag.matches(condition, tag)
        else { return }
        answer.status = .notModified
        answer.body = .none
        answer.headers[.contentType] = nil
        answer.headers[.contentEncoding] = nil
    }
}
