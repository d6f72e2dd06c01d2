import JSON

/// One entry of what a model is given to read.
public enum ChatMessage: Sendable, Hashable {
    /// Rules and instructions.
    case system(String)
    /// What people say.
    case user(String)
    /// What the model answered before, and the tools it called.
    case assistant(String, calls: [ChatToolCall] = [])
    /// The result of a call, as text.
    case tool(callId: String, String)

    /// Its text.
    public var text: String {
        switch self {
        case .system(let text), .user(let text), .assistant(let text, _), .tool(_, let text): text
        }
    }
}

/// A tool that a model asks to be called.
public struct ChatToolCall: Sendable, Hashable {
    /// The call's id, for its result; made here when the server gave none.
    public var id: String
    /// The tool's name as the model wrote it.
    public var name: String
    /// The arguments as JSON text, not checked.
    public var arguments: String

    /// A call.
    public init(id: String, name: String, arguments: String) {
        self.id = id
        self.name = name
        self.arguments = arguments
    }
}

/// A tool that a model may call.
public struct ChatTool: Sendable, Hashable {
    /// At most 64 letters, digits, `_` and `-`.
    public var name: String
    /// What it does.
    public var description: String
    /// JSON Schema of its arguments.
    public var parameters: JSONObject

    /// A tool.
    public init(name: String, description: String, parameters: JSONObject) {
        self.name = name
        self.description = description
        self.parameters = parameters
    }
}
