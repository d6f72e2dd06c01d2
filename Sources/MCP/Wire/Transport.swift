import Egress
import JSON

/// Sends single messages by Streamable HTTP and reads the answers, JSON or event stream.
struct Transport: Sendable {
    let egress: EgressClient

    static let jsonBytes = 1 << 20
    static let streamBytes = 10 << 20
    static let maximumEvents = 10_000
    static let maximumServerRequests = 8

    func send(
        _ message: RPCRequest, to server: MCPServer, session: String?, limit: TimeLimit
    ) async throws -> RPCAnswer {
        var request = EgressRequest(
            "POST", server.url, headers: headers(server, session) + message.headers, body: message.body, limit: limit,
            maximumBytes: Self.streamBytes)
        request.headers.append(("Accept", "application/json, text/event-stream"))
        return try await egress.send(request) { response in
            var answer = RPCAnswer(status: response.status, session: response.header("mcp-session-id"), outcome: .none)
            guard let id = message.id else { return answer }
            switch response.mediaType {
            case "application/json":
                answer.outcome = try Self.outcome(try await response.collect(upTo: Self.jsonBytes), id, response.status)
            case "text/event-stream" where response.status == 200:
                answer.outcome = try await follow(response, id, server, session ?? answer.session, limit)
            case _ where (200..<300).contains(response.status):
                throw MCPError.malformed("is neither JSON nor an event stream")
            default: break
            }
            return answer
        }
    }

    private func headers(_ server: MCPServer, _ session: String?) -> [(name: String, value: String)] {
        [("Content-Type", "application/json"), ("User-Agent", "switchboard")]
            + (session.map { [("Mcp-Session-Id", $0)] } ?? []) + server.credentials
    }

    /// The message for us in a body of JSON: one message, or a list of them as 2025-03-26 has it.
    private static func outcome(_ bytes: [UInt8], _ id: Int64, _ status: Int) throws -> RPCAnswer.Outcome {
        guard let json = try? JSONValue.parse(bytes) else {
            guard (200..<300).contains(status) else { return .none }
            throw MCPError.malformed("is not JSON")
        }
        for value in json.arrayValue ?? [json] {
            if case .response(let found, let outcome) = RPCMessage(value), fits(found, id, outcome) { return outcome }
        }
        return .none
    }

    /// Whether a response is ours. An error may come without an id, when the server did not get so far as to read it.
    private static func fits(_ found: JSONValue, _ id: Int64, _ outcome: RPCAnswer.Outcome) -> Bool {
        if case .error = outcome, found.isNull { return true }
        return found.integerValue == id
    }

    /// Reads events until the answer comes.
    private func follow(
        _ response: EgressResponse, _ id: Int64, _ server: MCPServer, _ session: String?, _ limit: TimeLimit
    ) async throws -> RPCAnswer.Outcome {
        var parser = EventStreamParser(maximumBytes: Self.jsonBytes)
        var seen = (events: 0, requests: 0)
        for try await chunk in response.body {
            for event in try parser.append(chunk) {
                if let outcome = try await take(event, id, server, session, limit, &seen) { return outcome }
            }
        }
        if let event = parser.finish(), let outcome = try await take(event, id, server, session, limit, &seen) {
            return outcome
        }
        throw MCPError.malformed("ended before it was complete")
    }

    private func take(
        _ event: ServerSentEvent, _ id: Int64, _ server: MCPServer, _ session: String?, _ limit: TimeLimit,
        _ seen: inout (events: Int, requests: Int)
    ) async throws -> RPCAnswer.Outcome? {
        seen.events += 1
        guard seen.events <= Self.maximumEvents else {
            throw EgressError(.tooLarge, "the server sent more than \(Self.maximumEvents) events")
        }
        guard let message = (try? JSONValue.parse(event.data)).flatMap(RPCMessage.init) else { return nil }
        switch message {
        case .response(let found, let outcome): return Self.fits(found, id, outcome) ? outcome : nil
        case .notification(let method):
            if method == "notifications/progress" { limit.extend() }
            return nil
        case .request(let id, let method):
            seen.requests += 1
            guard seen.requests <= Self.maximumServerRequests else {
                throw MCPError(.unsupported, "the server asks too much of us")
            }
            try? await refuse(id, method, server, session)
            return nil
        }
    }

    private func refuse(_ id: JSONValue, _ method: String, _ server: MCPServer, _ session: String?) async throws {
        let request = EgressRequest(
            "POST", server.url, headers: headers(server, session), body: RPCRequest.refusal(of: id, method: method),
            limit: TimeLimit(.seconds(5)), maximumBytes: Self.jsonBytes)
        try await egress.send(request) { _ in }
    }
}
