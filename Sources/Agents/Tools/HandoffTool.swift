public import JSON

/// `handoff_to_human`: asks for a person. The turn's reply carries the request; who has control changes with it.
public struct HandoffTool: Tool {
    /// `handoff_to_human`: a turn in which it was called hands the conversation over, whatever the agent answers.
    public static let toolName = "handoff_to_human"
    /// ``toolName``.
    public let name = toolName
    /// What it does.
    public let description = "Asks a person of the company to go on with this conversation."
    /// Changes who answers.
    public let effect = ToolEffect.control
    /// `reason`.
    public let schema = ToolSchema(.init("reason", .text(maximum: 200), "Why a person is needed"))

    /// The tool.
    public init() {}

    /// Answers `{requested: true}`.
    public func run(_ scope: ToolScope, _ arguments: JSONObject) async throws -> JSONValue { ["requested": true] }
}
