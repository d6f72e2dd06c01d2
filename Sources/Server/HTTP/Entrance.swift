import HTTPTypes
import Logging
import NIOHTTP1

/// Where every request comes in: finds its route, turns every error into a problem, and writes the one log line and the
/// metrics of the request. Nothing leaves the server around it.
struct Entrance: Sendable {
    let table: RouteTable
    let gateway: Gateway
    private let logger: Logger
    private let log: RequestLog
    /// For paths that are none.
    private let unknown = RouteMeter("unknown")

    init(table: RouteTable, gateway: Gateway, logger: Logger) {
        self.table = table
        self.gateway = gateway
        self.logger = logger
        log = RequestLog(logger)
    }

    /// Answers a request.
    /// - Throws: `HTTPParserError` when its body turned out not to be HTTP.
    nonisolated(nonsending) func answer(_ incoming: IncomingRequest) async throws -> Answer {
        let request = Request(incoming, table: table, logger: logger)
        var answer: Answer
        if let place = request.place {
            answer = try await respond(to: request, place)
        } else {
            answer = await gateway.refuse(request, with: .notFound)
        }
        answer.headers[.requestId] = request.requestId
        record(request, answer.status)
        return answer
    }

    nonisolated(nonsending) private func respond(to request: Request, _ place: RouteTable.Place) async throws -> Answer
    {
        if let bound = place.route(request.method) { return try await gateway.respond(to: request, by: bound.route) }
        if request.method == .options { return await gateway.options(request, allowed: place.methods) }
        return await gateway.refuse(request, allowed: place.methods)
    }

    private func record(_ request: Request, _ status: HTTPResponse.Status) {
        let elapsed = ContinuousClock.now - request.received
        (request.place?.meter ?? unknown).record(method: request.method, status: status.code, elapsed: elapsed)
        log.write(request, route: request.place?.path ?? "unknown", status: status.code, elapsed: elapsed)
    }
}

extension Problem {
    /// The answer that carries this problem.
    func answer(requestId: String) -> Answer {
        var headers = headers
        headers[.contentType] = "application/problem+json"
        headers[.cacheControl] = "no-store"
        var answer = Answer(status: status, headers: headers, body: .bytes(body(requestId: requestId)))
        answer.delay = delay
        return answer
    }
}

extension Duration {
    /// Milliseconds with three digits.
    var milliseconds: Double {
        let (seconds, attoseconds) = components
        return (Double(seconds) * 1_000_000 + Double(attoseconds / 1_000_000_000_000)) / 1000
    }
}
