import Foundation
import HTTPTypes
import Hummingbird
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
    func respond(to request: Request, frame: RequestFrame, by route: Route) async throws -> Response {
        var headers = HTTPFields()
        var answer: Answer
        var caller: Admitted?
        do {
            answer = try await run(request, frame, route, &headers, &caller)
            Conditional.apply(request.headers, method: request.method, to: &answer)
        } catch let error as HTTPParserError {
            throw error
        } catch {
            answer = Failure.problem(error, frame).answer(requestId: frame.requestId)
        }
        await crossOrigin.apply(request.headers, path: request.uri.path, caller: caller, to: &answer)
        // With room for those that come later: growing doubles what a stream keeps for as long as it lives.
        answer.headers.reserveCapacity(20)
        for field in headers where !answer.headers.contains(field.name) { answer.headers.append(field) }
        return answer.response
    }

    /// Answers a request for a known path with a method that it does not have.
    func refuse(_ request: Request, frame: RequestFrame, allowed: [HTTPRequest.Method]) async throws -> Response {
        let list = Self.list(allowed)
        var problem = Problem(
            status: .methodNotAllowed, code: .methodNotAllowed,
            detail: "This path knows \(list), not \(request.method).")
        problem.headers[.allow] = list
        return try await refuse(request, frame: frame, with: problem)
    }

    /// Says which methods a known path has; browsers ask this before a call from another site.
    func options(_ request: Request, frame: RequestFrame, allowed: [HTTPRequest.Method]) async throws -> Response {
        var headers = HTTPFields()
        do {
            _ = try await admission.admit(request, frame, to: .open, headers: &headers)
        } catch {
            var problem = Failure.problem(error, frame)
            problem.headers.append(contentsOf: headers)
            return problem.answer(requestId: frame.requestId).response
        }
        headers.append(
            contentsOf: CrossOrigin.preflight(request.headers, path: request.uri.path, methods: Self.list(allowed)))
        return Answer(status: .noContent, headers: headers).response
    }

    /// The methods for an `Allow` header: whatever answers GET answers HEAD, and everything answers OPTIONS.
    private static func list(_ methods: [HTTPRequest.Method]) -> String {
        let all = methods + (methods.contains(.get) ? [.head, .options] : [.options])
        return Set(all).map(\.rawValue).sorted().joined(separator: ", ")
    }

    /// Answers with `problem`, limited by address like everything that needs no caller.
    func refuse(_ request: Request, frame: RequestFrame, with problem: Problem) async throws -> Response {
        var headers = HTTPFields()
        var problem = problem
        do {
            _ = try await admission.admit(request, frame, to: .open, headers: &headers)
        } catch {
            problem = Failure.problem(error, frame)
        }
        problem.headers.append(contentsOf: headers)
        return problem.answer(requestId: frame.requestId).response
    }

    private func run(
        _ request: Request, _ frame: RequestFrame, _ route: Route, _ headers: inout HTTPFields,
        _ admitted: inout Admitted?
    ) async throws -> Answer {
        let conversation = route.edition.flatMap { frame.parameters.get($0) }.flatMap { UUID(strict: $0) }
        let caller = try await admission.admit(
            request, frame, to: route.access, editionOf: conversation, headers: &headers)
        admitted = caller
        let query = try QueryParameter.read(route.query, from: QueryText.items(request.uri.query ?? ""))
        try await route.precheck(request, frame)
        let body = route.method == .get ? [] : try await BodyReader.collect(request, upTo: route.maximumBytes)
        let input = try BodyReader.input(body, of: request, for: route)
        return try await idempotency.run(request, frame, route, caller, body: body, input: input) { resourceId in
            try await route.handler(
                Call(
                    request: request, frame: frame, caller: caller, query: query, input: input, bodyBytes: body,
                    resourceId: resourceId))
        }
    }
}

/// Errors on their way out: known ones as they are, unknown ones logged.
enum Failure {
    static func problem(_ error: any Error, _ frame: RequestFrame) -> Problem {
        let problem = ProblemTranslator.problem(for: error)
        if problem.status.code >= 500 {
            frame.logger.log(
                level: problem.code == .internalError ? .error : .warning, "request failed",
                metadata: ["requestId": "\(frame.requestId)", "error": "\(error)"])
        }
        return problem
    }
}

/// Conditional requests of RFC 9110 section 13.
enum Conditional {
    /// Turns a 200 whose entity tag the caller has already into a 304.
    static func apply(_ headers: HTTPFields, method: HTTPRequest.Method, to answer: inout Answer) {
        guard method == .get || method == .head, answer.status == .ok, let tag = answer.headers[.eTag],
            let condition = headers[.ifNoneMatch], ETag.matches(condition, tag)
        else { return }
        answer.status = .notModified
        answer.body = .none
        answer.headers[.contentType] = nil
        answer.headers[.contentEncoding] = nil
    }
}
