import Foundation
import JSON

/// `@mem`: remembers what a person (or a customer) tells it, for that one alone.
public struct MemAgent: Agent {
    /// How the registry lists it.
    public let profile: AgentProfile
    /// Save, search, list, get, forget, share.
    public let tools: [any Tool]
    private let engine = SkillEngine(Self.skills, fallback: { try await Self.guess($0, $1) })

    /// The agent on these tools, `mem_save`, `mem_search`, `mem_list` and `mem_forget` among them.
    public init(tools: [any Tool]) {
        self.tools = tools
        profile = AgentProfile(
            name: "mem", description: "Remembers facts for you alone and finds them again.", audience: .internal,
            tools: tools.map(\.name),
            examples: [
                .english: "@mem remember my gate code is 4411", .spanish: "@mem recuerda que mi código es 4411",
            ],
            keywords: [
                "remember", "recall", "memory", "note", "forget", "recuerda", "recordar", "olvida", "nota", "apunta",
            ])
    }

    /// Answers one instruction.
    public func answer(_ turn: AgentTurn) async throws -> AgentAnswer {
        do {
            return try await engine.answer(turn)
        } catch ToolError.customerReads {
            let words = MemPhrases(turn.language(nil))
            return AgentAnswer(words.customerReads, memory: turn.memory, confidence: 0)
        }
    }

    /// What a skill understands exactly.
    public func exactAnswer(_ turn: AgentTurn) async throws -> AgentAnswer? {
        engine.understands(turn) ? try await answer(turn) : nil
    }

    private static var skills: [Skill] {
        [
            Skill("help", patterns: MemPatterns.help) { match, turn in
                AgentAnswer(MemPhrases(match.language).help, memory: turn.memory, confidence: 0)
            },
            Skill("export", patterns: MemPatterns.export) { try await MemLists.export($0, $1) },
            Skill("list", patterns: MemPatterns.list) { try await MemLists.list($0, $1) },
            Skill(
                "forget", patterns: MemPatterns.forget, onReply: { try await MemForgetting.resume($0, $1, $2) },
                body: { try await MemForgetting.forget($0, $1) }),
            Skill(
                "share", patterns: MemPatterns.share, onReply: { try await MemSharing.resume($0, $1, $2) },
                body: { try await MemSharing.share($0, $1) }),
            Skill("recall", patterns: MemPatterns.recall) { try await recall($0, $1) },
            Skill("remember", patterns: MemPatterns.remember) { try await remember($0.slot("text"), $0, $1) },
            Skill("fact", patterns: MemPatterns.fact) { try await remember($1.instruction, $0, $1) },
        ]
    }

    private static func remember(_ text: String, _ match: SkillMatch, _ turn: AgentTurn) async throws -> AgentAnswer {
        let words = MemPhrases(match.language)
        let text = FoldedText(text).text(from: 0)
        guard !text.isEmpty else { return AgentAnswer(words.help, memory: turn.memory, confidence: 0) }
        guard text.unicodeScalars.count <= MemTools.longestText else {
            return AgentAnswer(words.tooLong, memory: turn.memory)
        }
        let saved = try await turn.tools.call("mem_save", ["text": .string(text)])
        return AgentAnswer(
            words.saved(text, replaced: saved["replaced"]?.stringValue, author: turn.author), memory: turn.memory)
    }

    private static func recall(_ match: SkillMatch, _ turn: AgentTurn) async throws -> AgentAnswer {
        try await MemLists.found(match.slot("text"), match, turn)
            ?? AgentAnswer(
                MemPhrases(match.language).nothingAbout(match.slot("text")), memory: turn.memory)
    }

    /// No skill fits: perhaps the instruction is just what to look for.
    private static func guess(_ match: SkillMatch, _ turn: AgentTurn) async throws -> AgentAnswer {
        var match = match
        match.confidence = 0.6
        if FoldedText(turn.instruction).words.count <= 12,
            var answer = try await MemLists.found(turn.instruction, match, turn)
        {
            answer.complete(skill: "recall", confidence: 0.6)
            return answer
        }
        return AgentAnswer(MemPhrases(match.language).help, memory: turn.memory, confidence: 0)
    }
}
