public import Egress
public import JSON

/// Talks to MCP servers: finds their tools and calls them. It declares no capabilities, so servers have nothing to ask
/// of it, and sends a server nothing but that server's own secret.
///
/// Methods throw ``MCPError``, `EgressError` and `CancellationError`.
public struct MCPClient: Sendable {
    /// Pages of a list that are read, and tools in all.
    public static let maximumPages = 20
    /// Tools of one server; what comes after is left out.
    public static let maximumTools = 200

    let transport: Transport

    /// A client that connects by `egress`.
    public init(_ egress: EgressClient) { transport = Transport(egress: egress) }

    /// The tools of a server. Definitions that cannot be used are left out.
    public func tools(_ server: MCPServer, _ connection: inout MCPConnection) async throws -> MCPToolList {
        let limit = TimeLimit(server.timeout, hard: server.longest)
        var list = MCPToolList()
        var cursor: String?
        for _ in 0..<Self.maximumPages {
            let params: JSONObject = cursor.map { ["cursor": .string($0)] } ?? [:]
            let result = try await request("tools/list", params, server, &connection, limit)
            limit.extend()
            guard let page = result["tools"]?.arrayValue else { throw MCPError.malformed("has no list of tools") }
            list.add(page, result)
            guard let next = result["nextCursor"]?.stringValue, list.tools.count < Self.maximumTools else {
                list.isComplete = result["nextCursor"]?.stringValue == nil && list.isComplete
                return list
            }
            guard next != cursor, next.utf8.count <= 4_096 else {
                throw MCPError.malformed("names a next page that is no other")
            }
            cursor = next
        }
        list.isComplete = false
        return list
    }

    /// Calls a tool, once. It is sent again only where the server said that it did not take the first one.
    public func call(
        _ tool: MCPToolDefinition, _ arguments: JSONObject, _ server: MCPServer, _ connection: inout MCPConnection
    ) async throws -> MCPResult {
        let limit = TimeLimit(server.timeout, hard: server.longest)
        let params: JSONObject = ["name": .string(tool.name), "arguments": .object(arguments)]
        let mirrored = tool.mirrored.compactMap { $0.field(in: arguments) }
        if connection.era == .unknown {
            // Which era it is, is found out by a request that does nothing.
            _ = try await request("tools/list", [:], server, &connection, limit)
        }
        let result = try await request("tools/call", params, server, &connection, limit, tool.name, mirrored)
        return try MCPResult(result)
    }
}
