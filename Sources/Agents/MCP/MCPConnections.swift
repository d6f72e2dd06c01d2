import Foundation
import MCP
import Synchronization
import Tenancy

/// The talks of this process with MCP servers. Losing one costs a handshake, so there is only a bound.
final class MCPConnections: Sendable {
    private struct Key: Hashable {
        let companyId: UUID
        let serverId: UUID
        /// Of the row: a changed address or secret begins a new talk.
        let version: Int

        init(_ server: ToolServer) {
            companyId = server.companyId
            serverId = server.id
            version = server.version
        }
    }

    private static let limit = 2_000
    private let kept = Mutex<[Key: MCPConnection]>([:])

    /// The talk so far. It is taken out, so that one that fails is not gone on with.
    func take(_ server: ToolServer) -> MCPConnection? { kept.withLock { $0.removeValue(forKey: Key(server)) } }

    func keep(_ connection: MCPConnection, of server: ToolServer) {
        kept.withLock { kept in
            if kept.count >= Self.limit { kept.removeAll() }
            kept[Key(server)] = connection
        }
    }
}
