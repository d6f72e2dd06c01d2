import JSON

/// One message to the server.
struct RPCRequest: Sendable {
    /// `nil` for a notification.
    var id: Int64?
    var method: String
    var params: JSONObject
    var headers: [(name: String, value: String)]

    /// A request.
    /// - Parameters:
    ///   - name: what `Mcp-Name` says, for methods that have it.
    ///   - mirrored: arguments in headers.
    init(
        id: Int64?, method: String, params: JSONObject, era: MCPEra, version: String?, name: String? = nil,
        mirrored: [(name: String, value: String)] = []
    ) {
        self.id = id
        self.method = method
        self.params = params
        headers = version.map { [("MCP-Protocol-Version", $0)] } ?? []
        guard era == .modern else { return }
        var meta = params["_meta"]?.objectValue ?? [:]
        meta["io.modelcontextprotocol/protocolVersion"] = .string(version ?? MCPVersions.modern)
        meta["io.modelcontextprotocol/clientCapabilities"] = [:]
        meta["io.modelcontextprotocol/clientInfo"] = Self.client
        self.params["_meta"] = .object(meta)
        headers.append(("Mcp-Method", method))
        if let name { headers.append(("Mcp-Name", MirroredArgument.headerValue(name))) }
        headers += mirrored
    }

    static let client: JSONValue = ["name": "switchboard", "version": "1"]

    var body: [UInt8] {
        var message: JSONObject = ["jsonrpc": "2.0", "method": .string(method), "params": .object(params)]
        if let id { message["id"] = .integer(id) }
        return message.encoded
    }

    /// Our answer to a request of the server's: we have nothing that it could ask for.
    static func refusal(of id: JSONValue, method: String) -> [UInt8] {
        var message: JSONObject = ["jsonrpc": "2.0", "id": id]
        if method == "ping" {
            message["result"] = [:]
        } else {
            message["error"] = ["code": -32601, "message": "not supported"]
        }
        return message.encoded
    }
}
