import JSON

/// What the double answers, apart from how it is sent. Pure.
enum FakeMCPProtocol {
    struct Reply: Sendable {
        var status = 200
        /// `result` or `error`; nil for no body.
        var body: (name: String, value: JSONValue)?
        var session: String?

        static func result(_ result: JSONObject) -> Reply { Reply(body: ("result", .object(result))) }
        static func error(_ code: Int64, status: Int = 200, data: JSONValue? = nil) -> Reply {
            var error: JSONObject = ["code": .integer(code), "message": "no"]
            error["data"] = data
            return Reply(status: status, body: ("error", .object(error)))
        }
    }

    static let modern = "2026-07-28"

    static func reply(to request: FakeMCPRequest, _ state: inout FakeMCP.State) -> Reply {
        guard !request.method.isEmpty else { return Reply(status: 202) }
        switch state.behaviour.era {
        case .old: return Reply(status: 405)
        case .modern: return modernReply(to: request, state)
        case .legacyStateless: return legacyReply(to: request, &state)
        case .legacySession:
            if request.method == "initialize" { return legacyReply(to: request, &state) }
            guard let session = request.headers["mcp-session-id"] else { return error400 }
            guard state.sessions.contains(session) else { return Reply(status: state.behaviour.staleSessionStatus) }
            if state.behaviour.losesEverySession, request.method != "notifications/initialized" {
                state.sessions.remove(session)
                return Reply(status: state.behaviour.staleSessionStatus)
            }
            return legacyReply(to: request, &state)
        }
    }

    private static let error400 = Reply.error(-32000, status: 400)

    private static func modernReply(to request: FakeMCPRequest, _ state: FakeMCP.State) -> Reply {
        let meta = request.params["_meta"]
        let version = request.headers["mcp-protocol-version"]
        guard version == modern, meta?["io.modelcontextprotocol/protocolVersion"]?.stringValue == version else {
            return .error(-32022, status: 400, data: ["supported": [.string(modern)]])
        }
        let capabilities = meta?["io.modelcontextprotocol/clientCapabilities"]?.objectValue
        let isNamed = request.method != "tools/call" || request.headers["mcp-name"] == request.tool
        guard request.headers["mcp-method"] == request.method, isNamed, capabilities != nil,
            mirrorsArguments(request, state.tools)
        else { return .error(-32020, status: 400) }
        var reply = work(on: request, state, notFound: 404)
        if let result = reply.body, result.name == "result", var object = result.value.objectValue,
            object["resultType"] == nil
        {
            object["resultType"] = "complete"
            reply.body = ("result", .object(object))
        }
        return reply
    }

    private static func mirrorsArguments(_ request: FakeMCPRequest, _ tools: [FakeMCPTool]) -> Bool {
        guard let tool = tools.first(where: { $0.name == request.tool }) else { return true }
        for (name, property) in tool.schema["properties"]?.objectValue ?? [:] {
            guard let header = property["x-mcp-header"]?.stringValue,
                let value = request.params["arguments"]?[name]?.stringValue
            else { continue }
            let sent = request.headers["mcp-param-\(header.lowercased())"]
            guard sent == value || sent?.hasPrefix("=?base64?") == true else { return false }
        }
        return true
    }

    private static func legacyReply(to request: FakeMCPRequest, _ state: inout FakeMCP.State) -> Reply {
        switch request.method {
        case "initialize":
            var reply = Reply.result([
                "protocolVersion": request.params["protocolVersion"] ?? "2025-06-18", "capabilities": ["tools": [:]],
                "serverInfo": ["name": "fake", "version": "1"],
            ])
            if state.behaviour.era == .legacySession {
                state.sessionCount += 1
                let session = "session-\(state.sessionCount)"
                state.sessions.insert(session)
                reply.session = session
            }
            return reply
        case "notifications/initialized": return Reply(status: 202)
        // A server of that time does not know the modern version.
        case _ where request.headers["mcp-protocol-version"] == modern: return error400
        default: return work(on: request, state, notFound: 200)
        }
    }

    private static func work(on request: FakeMCPRequest, _ state: FakeMCP.State, notFound: Int) -> Reply {
        switch request.method {
        case "tools/list": list(request, state)
        case "tools/call": call(request, state)
        case "server/discover": .result(["supportedVersions": [.string(modern)], "capabilities": ["tools": [:]]])
        default: .error(-32601, status: notFound)
        }
    }

    private static func list(_ request: FakeMCPRequest, _ state: FakeMCP.State) -> Reply {
        let start = request.params["cursor"]?.stringValue.flatMap { Int($0) } ?? 0
        let behaviour = state.behaviour
        let end = min(start + behaviour.pageSize, state.tools.count)
        var result: JSONObject = ["tools": .array(state.tools[min(start, end)..<end].map(\.json))]
        if end < state.tools.count { result["nextCursor"] = .string("\(end)") }
        if behaviour.pagesNeverEnd { result["nextCursor"] = .string("\(start + 1)") }
        if let life = behaviour.timeToLive { result["ttlMs"] = .integer(life.components.seconds * 1_000) }
        return .result(result)
    }

    private static func call(_ request: FakeMCPRequest, _ state: FakeMCP.State) -> Reply {
        guard state.tools.contains(where: { $0.name == request.tool }) else { return .error(-32602) }
        let said = request.params["arguments"]?["text"]?.stringValue ?? "sunny"
        switch state.behaviour.outcome {
        case .well: return .result(text(said))
        case .isError: return .result(text("it broke").merged(with: ["isError": true]))
        case .protocolError: return .error(-32603)
        case .inputRequired: return .result(["resultType": "input_required", "inputRequests": [:]])
        case .huge(let bytes): return .result(text(String(repeating: "x", count: bytes)))
        case .result(let result): return .result(result)
        }
    }

    private static func text(_ text: String) -> JSONObject { ["content": [["type": "text", "text": .string(text)]]] }
}
