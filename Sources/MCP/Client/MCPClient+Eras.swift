import Egress
import JSON

extension MCPClient {
    /// Sends a request in the server's era, finding out first which that is, and renews a lost session once.
    func request(
        _ method: String, _ params: JSONObject, _ server: MCPServer, _ connection: inout MCPConnection,
        _ limit: TimeLimit, _ name: String? = nil, _ mirrored: [(name: String, value: String)] = []
    ) async throws -> JSONObject {
        if connection.era != .legacy {
            let answer = try await modern(method, params, server, limit, name, mirrored)
            switch Self.verdict(on: answer, isKnown: connection.era == .modern) {
            case .answered:
                connection.era = .modern
                connection.version = MCPVersions.modern
                return try answer.result()
            case .failed: return try answer.result()
            case .notModern: connection.reset(to: .unknown)
            }
        }
        return try await legacy(method, params, server, &connection, limit)
    }

    private func modern(
        _ method: String, _ params: JSONObject, _ server: MCPServer, _ limit: TimeLimit, _ name: String?,
        _ mirrored: [(name: String, value: String)]
    ) async throws -> RPCAnswer {
        var params = params
        if method == "tools/call" { params["_meta"] = ["progressToken": 1] }
        let request = RPCRequest(
            id: 1, method: method, params: params, era: .modern, version: MCPVersions.modern, name: name,
            mirrored: mirrored)
        return try await transport.send(request, to: server, session: nil, limit: limit)
    }

    private enum Verdict { case answered, failed, notModern }

    /// What an answer to a modern request tells about the server. Servers of the legacy era refuse it in many ways,
    /// before they do anything. An error at 200 of one that is known to be modern is an answer, for the request may have
    /// had its effect.
    private static func verdict(on answer: RPCAnswer, isKnown: Bool) -> Verdict {
        let isRefusal = [400, 404, 405, 406, 415].contains(answer.status)
        guard case .error(let fault) = answer.outcome else {
            if case .result = answer.outcome { return .answered }
            return isRefusal ? .notModern : .failed
        }
        switch fault.code {
        case RPCFault.unsupportedVersion:
            return Set(fault.supported).isDisjoint(with: MCPVersions.legacy) ? .failed : .notModern
        case _ where RPCFault.modernCodes.contains(fault.code): return .answered
        case -32603 ... -32600 where isKnown: return .answered
        default: return answer.status == 200 ? (isKnown ? .answered : .notModern) : isRefusal ? .notModern : .failed
        }
    }

    private func legacy(
        _ method: String, _ params: JSONObject, _ server: MCPServer, _ connection: inout MCPConnection,
        _ limit: TimeLimit
    ) async throws -> JSONObject {
        if !connection.isInitialized { try await initialize(server, &connection, limit) }
        var answer = try await plain(method, params, server, connection, limit)
        if connection.session != nil, [400, 404, 503].contains(answer.status) {
            // The session is gone. The server did nothing with the request, so that it may be sent again.
            try await initialize(server, &connection, limit)
            answer = try await plain(method, params, server, connection, limit)
        }
        if [404, 405].contains(answer.status) { connection.reset(to: .unknown) }
        return try answer.result()
    }

    private func plain(
        _ method: String, _ params: JSONObject, _ server: MCPServer, _ connection: MCPConnection, _ limit: TimeLimit
    ) async throws -> RPCAnswer {
        var params = params
        if method == "tools/call" { params["_meta"] = ["progressToken": 2] }
        let request = RPCRequest(id: 2, method: method, params: params, era: .legacy, version: connection.version)
        return try await transport.send(request, to: server, session: connection.session, limit: limit)
    }

    private func initialize(
        _ server: MCPServer, _ connection: inout MCPConnection, _ limit: TimeLimit
    ) async throws {
        connection.reset(to: .unknown)
        let request = RPCRequest(
            id: 0, method: "initialize",
            params: [
                "protocolVersion": .string(MCPVersions.legacy[0]), "capabilities": [:], "clientInfo": RPCRequest.client,
            ], era: .legacy, version: nil)
        let answer = try await transport.send(request, to: server, session: nil, limit: limit)
        if case .none = answer.outcome, [404, 405].contains(answer.status) {
            throw MCPError(
                .unsupported, "there is no MCP server at this address, or one that speaks HTTP+SSE of 2024 only")
        }
        let result = try answer.result()
        guard let version = result["protocolVersion"]?.stringValue, MCPVersions.legacy.contains(version) else {
            throw MCPError(.unsupported, "the server speaks no version of the protocol that we do")
        }
        if let session = answer.session {
            guard (1...1_024).contains(session.utf8.count), session.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
            else {
                throw MCPError.malformed("has a session id that is not visible ASCII")
            }
        }
        connection.era = .legacy
        connection.version = version
        connection.session = answer.session
        connection.isInitialized = true
        let ready = RPCRequest(
            id: nil, method: "notifications/initialized", params: [:], era: .legacy, version: version)
        let accepted = try await transport.send(ready, to: server, session: connection.session, limit: limit)
        guard (200..<300).contains(accepted.status) else { throw RPCAnswer.failure(accepted.status) }
    }
}
