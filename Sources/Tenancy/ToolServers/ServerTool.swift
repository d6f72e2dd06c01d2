public import Foundation
public import JSON

/// A tool of an MCP server as it was last seen, and what of it was approved.
public struct ServerTool: Sendable, Hashable {
    /// The server's id.
    public let serverId: UUID
    /// Its name on its server.
    public let name: String
    /// The name under which models know it.
    public let exposedName: String
    /// What it does, in the server's words.
    public let description: String
    /// The JSON Schema of its arguments.
    public let inputSchema: JSONObject
    /// The server's hints.
    public let annotations: JSONObject
    /// The hash of all that.
    public let definitionHash: String
    /// The hash that was approved.
    public let approvedHash: String?
    /// Whether the company wants it used.
    public let enabled: Bool
    /// Whether the server listed it last time.
    public let available: Bool
    /// When it last changed.
    public let updatedAt: Date

    /// Whether it is what somebody approved.
    public var isApproved: Bool { approvedHash == definitionHash }
    /// Whether it may be called.
    public var isUsable: Bool { enabled && available && isApproved }
}

extension ServerTool: JSONEncodable {
    /// Writes the tool as API.md shapes it.
    public func encode(into writer: inout JSONWriter) {
        writer.object {
            $0.field("name", name)
            $0.field("exposedName", exposedName)
            $0.field("description", description)
            $0.field("inputSchema", inputSchema)
            $0.field("annotations", annotations)
            $0.field("hash", definitionHash)
            $0.field("approvedHash", approvedHash)
            $0.field("approved", isApproved)
            $0.field("enabled", enabled)
            $0.field("available", available)
            $0.field("usable", isUsable)
            $0.field("updatedAt", updatedAt)
        }
    }
}

/// A tool as a server described it just now.
public struct ServerToolDraft: Sendable, Hashable {
    /// Its name on its server.
    public var name: String
    /// The name under which models know it.
    public var exposedName: String
    /// What it does, in the server's words.
    public var description: String
    /// The JSON Schema of its arguments.
    public var inputSchema: JSONObject
    /// The server's hints.
    public var annotations: JSONObject
    /// The hash of all that.
    public var hash: String

    /// A tool.
    public init(
        name: String, exposedName: String, description: String, inputSchema: JSONObject, annotations: JSONObject,
        hash: String
    ) {
        self.name = name
        self.exposedName = exposedName
        self.description = description
        self.inputSchema = inputSchema
        self.annotations = annotations
        self.hash = hash
    }
}

/// A tool that may be called, with everything that is needed for it.
public struct UsableTool: Sendable {
    /// The server.
    public let server: ToolServer
    /// The tool.
    public let tool: ServerTool
}
