public import JSON

/// `delegate`: has another agent of the company do something and returns what it answered. For internal agents; the one
/// that is asked asks nobody further.
public struct DelegateTool: Tool {
    /// `delegate`.
    public static let toolName = "delegate"
    /// Longest answer that is returned, in characters.
    static let longestAnswer = 4_000
    /// ``toolName``.
    public let name = toolName
    /// What it does.
    public let description = "Asks another agent of the company to do something and returns its answer."
    /// What comes back may be one person's or team's, so that no agent holds it whom customers reach.
    public let effect = ToolEffect.privateRead
    /// `agent`, `instruction`.
    public let schema = ToolSchema(
        .init("agent", .text(maximum: 32), "The agent's name: mail, cal, mem, sales or one of the company's own"),
        .init("instruction", .text(maximum: 2_000), "What it is to do, in full: it knows nothing but this"))
    /// The other agent may ask a model of its own.
    public let timeLimit = Duration.seconds(40)
    private let delegation: Delegation?

    /// The tool as definitions know it; a turn brings the one that works.
    public init() { delegation = nil }

    init(_ delegation: Delegation) { self.delegation = delegation }

    /// Answers `{agent, answer}`, and `trust: "external"` when the agent read words of somebody outside.
    /// - Throws: ``ToolError``: not allowed for an agent that is not there, does not serve the author, or is the caller.
    public func run(_ scope: ToolScope, _ arguments: JSONObject) async throws -> JSONValue {
        guard let delegation else {
            throw ToolError.notAllowed("an agent that was asked by another asks nobody further")
        }
        return try await delegation.ask(
            arguments["agent"]?.stringValue ?? "", arguments["instruction"]?.stringValue ?? "")
    }
}
