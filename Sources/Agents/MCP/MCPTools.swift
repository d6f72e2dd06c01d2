public import Egress
public import Foundation
import JSON
import MCP
public import Tenancy

/// The tools of companies' MCP servers: found, kept up to date, and called.
///
/// A model is shown a tool as it was approved, never as the server describes it now. A list older than the server's time to
/// live (a minute to an hour; ten minutes when it names none) is read again before the next call, and a tool whose
/// definition changed is not called.
public struct MCPTools: Sendable {
    /// Bytes of a result that a model gets.
    public static let resultBytes = 16 * 1_024
    /// How long finding a server's tools may take.
    public static let listTime = Duration.seconds(20)

    private let store: ToolServerStore
    private let client: MCPClient
    private let connections = MCPConnections()

    /// Tools of the servers in `store`, reached by `egress`.
    public init(store: ToolServerStore, egress: EgressClient) {
        self.store = store
        client = MCPClient(egress)
    }

    /// The tools that agents of the company may use now.
    /// - Parameter names: those with these names only, as ``ServerTool/exposedName`` has them; `nil` for all.
    public func tools(for scope: TenantScope, named names: [String]? = nil) async throws -> [any Tool] {
        let names = names?.filter { $0.hasPrefix("mcp_") }
        let usable = try await store.usable(.forJob(companyId: scope.companyId), named: names)
        return usable.compactMap { MCPTool($0, of: self) }
    }

    /// Lists a server's tools and keeps the list. That the server cannot be used is noted with it and no error.
    /// - Throws: `NotFound`, `Forbidden`, and what the store throws.
    public func refresh(_ scope: TenantScope, _ id: UUID) async throws -> ToolServer {
        let server = try await store.get(scope, id)
        do {
            let (list, connection) = try await TimeLimit(Self.listTime).run {
                try await withConnection(to: server, scope) { endpoint, connection in
                    (try await client.tools(endpoint, &connection), connection)
                }
            }
            let seconds = list.timeToLive?.components.seconds ?? 600
            return try await store.save(
                scope, Self.drafts(list, of: server), of: id, from: server.url, isComplete: list.isComplete,
                era: connection.era.rawValue, protocolVersion: connection.version,
                freshFor: .seconds(min(max(seconds, 60), 3_600)))
        } catch {
            guard let message = Self.message(error) else { throw error }
            return try await store.noteFailure(scope, id, message)
        }
    }

    private static func drafts(_ list: MCPToolList, of server: ToolServer) -> [ServerToolDraft] {
        let names = ExposedName.names(of: list.tools.map(\.name), slug: server.slug)
        return list.tools.map { tool in
            ServerToolDraft(
                name: tool.name, exposedName: names[tool.name] ?? "", description: tool.description,
                inputSchema: tool.inputSchema, annotations: tool.annotations, hash: tool.hash)
        }
    }

    /// Calls a tool for a turn.
    /// - Parameter offered: the tool as it was when the turn was offered it; another definition is not called.
    func call(
        _ tenant: TenantScope, _ offered: UsableTool, _ definition: MCPToolDefinition, _ arguments: JSONObject
    ) async throws -> JSONValue {
        let scope = TenantScope.forJob(companyId: tenant.companyId)
        do {
            return try await TimeLimit(MCPServer.longestCall).run {
                let server = try await current(scope, offered)
                let result = try await withConnection(to: server, scope) { endpoint, connection in
                    try await client.call(definition, arguments, endpoint, &connection)
                }
                return try MCPToolResult.json(result, from: server)
            }
        } catch {
            guard let message = Self.message(error) else { throw error }
            if (error as? MCPError)?.code != .unsupported {
                _ = try? await store.noteFailure(scope, offered.server.id, message)
            }
            throw ToolError.failed("The tool could not be used: \(message).")
        }
    }

    /// The server, when the tool may still be called as it was offered.
    private func current(_ scope: TenantScope, _ offered: UsableTool) async throws -> ToolServer {
        for isSecondLook in [false, true] {
            let found = try await store.usable(scope, named: [offered.tool.exposedName]).first {
                $0.server.id == offered.server.id && $0.tool.definitionHash == offered.tool.definitionHash
            }
            guard let found else { throw ToolError.notAllowed("the tool was changed or switched off") }
            if isSecondLook || found.server.freshUntil.map({ $0 > Date() }) == true { return found.server }
            let refreshed = try await refresh(scope, found.server.id)
            guard refreshed.health == .ok else {
                throw ToolError.failed("The tool could not be used: \(refreshed.lastError ?? "its server fails").")
            }
        }
        throw ToolError.notFound
    }

    /// Runs `body` with where the server is and the talk with it so far, which is kept when it went well.
    private func withConnection<Result>(
        to server: ToolServer, _ scope: TenantScope,
        _ body: (MCPServer, inout MCPConnection) async throws -> Result
    ) async throws -> Result {
        let endpoint = MCPServer(
            url: server.url, credentials: try await store.credentials(scope, server),
            timeout: .seconds(server.timeoutSeconds))
        var connection = connections.take(server) ?? MCPConnection(era: MCPEra(rawValue: server.era) ?? .unknown)
        let result = try await body(endpoint, &connection)
        connections.keep(connection, of: server)
        return result
    }

    /// What to tell people of a failure of the server's; nil for one of ours.
    private static func message(_ error: any Error) -> String? {
        switch error {
        case let error as MCPError: error.message
        case let error as EgressError: error.message
        default: nil
        }
    }
}
