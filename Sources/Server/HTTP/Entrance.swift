import HTTPTypes
import Hummingbird
import Logging
import Metrics
import NIOCore
import NIOHTTP1
import NIOPosix

/// The outermost middleware: gives every request its id, turns every error into a problem, and writes the one log
/// line and the metrics of the request. Nothing leaves the server around it.
struct Entrance: RouterMiddleware {
    typealias Context = RequestFrame

    let logger: Logger
    let gateway: Gateway

    func handle(
        _ request: Request, context: RequestFrame, next: (Request, RequestFrame) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.requestId = RequestIdentifier.choose(request.headers[.requestId])
        var response: Response
        do {
            response = try await next(request, context)
        } catch let error as HTTPParserError {
            throw error
        } catch {
            // The router knows no such path.
            response = try await gateway.refuse(request, frame: context, with: Failure.problem(error, context))
        }
        response.headers[.requestId] = context.requestId
        SecurityHeaders.add(to: &response.headers)
        record(request, context, response.status)
        return response
    }

    private func record(_ request: Request, _ context: RequestFrame, _ status: HTTPResponse.Status) {
        let elapsed = ContinuousClock.now - context.received
        let route = context.endpointPath ?? "unknown"
        HTTPMetrics.record(method: request.method, route: route, status: status.code, elapsed: elapsed)
        logger.info(
            "request",
            metadata: [
                "requestId": .string(context.requestId), "method": .string(request.method.rawValue),
                "route": .string(route), "status": .string(String(status.code)),
                "ms": .string(elapsed.milliseconds.description),
            ])
    }
}

extension Problem {
    /// The answer that carries this problem.
    func answer(requestId: String) -> Answer {
        var headers = headers
        headers[.contentType] = "application/problem+json"
        headers[.cacheControl] = "no-store"
        return Answer(status: status, headers: headers, body: .bytes(body(requestId: requestId)))
    }
}

extension Duration {
    /// Milliseconds with three digits.
    var milliseconds: Double {
        let (seconds, attoseconds) = components
        return (Double(seconds) * 1_000_000 + Double(attoseconds / 1_000_000_000_000)) / 1000
    }
}
