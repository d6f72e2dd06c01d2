import JSON
import MCP
import Tenancy

/// A tool of an MCP server that somebody approved, as agents use it. What it answers is external text.
struct MCPTool: Tool {
    let name: String
    let description: String
    let effect: ToolEffect
    let schema: ToolSchema
    let bringsExternalContent = true
    /// The server's own limit comes first.
    let timeLimit = Duration.seconds(60)
    private let source: MCPTools
    private let offered: UsableTool
    private let definition: MCPToolDefinition

    /// Nil when the stored definition is out of bounds, which a later release may draw closer.
    init?(_ offered: UsableTool, of source: MCPTools) {
        let tool = offered.tool
        let stored = try? MCPToolDefinition(
            name: tool.name, description: tool.description, inputSchema: tool.inputSchema, annotations: tool.annotations
        )
        guard let definition = stored else { return nil }
        name = tool.exposedName
        description = tool.description
        // What a server says of itself counts only where an admin trusts the server.
        effect = offered.server.trusted && definition.saysItOnlyReads ? .privateRead : .externalWrite
        schema = ToolSchema(foreign: tool.inputSchema)
        self.source = source
        self.offered = offered
        self.definition = definition
    }

    func needsApproval(_ scope: ToolScope, _ arguments: JSONObject) async throws -> Bool {
        switch offered.server.approval {
        case .always: true
        case .writes: effect != .privateRead
        case .never: false
        }
    }

    func run(_ scope: ToolScope, _ arguments: JSONObject) async throws -> JSONValue {
        try await source.call(scope.tenant, offered, definition, arguments)
    }
}
