/// One thing an agent can do without a model: patterns that recognise it, and what it does with the agent's tools.
public struct Skill: Sendable {
    /// What a skill does when its pattern matched.
    public typealias Body = @Sendable (SkillMatch, AgentTurn) async throws -> AgentAnswer
    /// What a skill does when its question was answered.
    public typealias Resumption = @Sendable (PendingQuestion, PendingReply, AgentTurn) async throws -> AgentAnswer

    let name: String
    let label: [Language: String]
    let patterns: [SkillPattern]
    let body: Body
    let resumption: Resumption?

    /// A skill.
    /// - Parameters:
    ///   - name: its name in metadata and logs.
    ///   - label: what it does, in few words, for clarifying questions.
    ///   - patterns: tried in order.
    ///   - onReply: called when a question that this skill asked was answered.
    ///   - body: called when a pattern matched.
    public init(
        _ name: String, label: [Language: String] = [:], patterns: [SkillPattern], onReply: Resumption? = nil,
        body: @escaping Body
    ) {
        self.name = name
        self.label = label
        self.patterns = patterns
        self.resumption = onReply
        self.body = body
    }
}

/// How an instruction matched a skill.
public struct SkillMatch: Sendable {
    /// The slots of the pattern.
    public var slots: [String: String]
    /// The language to answer in.
    public var language: Language
    /// 1 for exact grammar, 0.6 for keywords.
    public var confidence: Double

    /// The text of a slot, empty when the pattern has none of this name.
    public func slot(_ name: String) -> String { slots[name] ?? "" }
}
