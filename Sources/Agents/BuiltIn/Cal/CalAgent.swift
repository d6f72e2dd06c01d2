import Foundation
import JSON

/// `@cal`: shows and keeps the author's calendar.
public struct CalAgent: Agent {
    /// How the registry lists it.
    public let profile: AgentProfile
    /// Settings, list, free time, create, update, cancel.
    public let tools: [any Tool]
    private let engine = SkillEngine(Self.skills) { match, turn in
        AgentAnswer(CalPhrases(match.language).help, memory: turn.memory, confidence: 0)
    }

    /// The agent on these tools, `cal_settings`, `cal_list`, `cal_free`, `cal_create`, `cal_update` and `cal_cancel`
    /// among them.
    public init(tools: [any Tool]) {
        self.tools = tools
        profile = AgentProfile(
            name: "cal", description: "Shows your calendar, finds free time, books and moves appointments.",
            audience: .internal, tools: tools.map(\.name),
            examples: [.english: "@cal today", .spanish: "@cal hoy"],
            keywords: [
                "calendar", "meeting", "appointment", "schedule", "agenda", "calendario", "cita", "reunion", "reunión",
            ])
    }

    /// Answers one instruction.
    public func answer(_ turn: AgentTurn) async throws -> AgentAnswer {
        try await engine.answer(turn, or: CalPhrases(turn.language(nil)))
    }

    /// What a skill understands exactly.
    public func exactAnswer(_ turn: AgentTurn) async throws -> AgentAnswer? {
        engine.understands(turn) ? try await answer(turn) : nil
    }

    private static var skills: [Skill] {
        [
            Skill("help", patterns: CalPatterns.help) { match, turn in
                AgentAnswer(CalPhrases(match.language).help, memory: turn.memory, confidence: 0)
            },
            Skill(
                "agenda",
                patterns: CalPatterns.agenda + [.exact(.english, "")],
                onReply: { try await CalLists.resume($0, $1, $2) }, body: { try await CalLists.agenda($0, $1) }),
            Skill(
                "free", patterns: CalPatterns.free, onReply: { try await CalLists.resume($0, $1, $2) },
                body: { try await CalLists.free($0, $1) }),
            Skill(
                "move", patterns: CalPatterns.move, onReply: { try await CalBooking.resume($0, $1, $2) },
                body: { try await CalBooking.move($0, $1) }),
            Skill("cancel", patterns: CalPatterns.cancel) { try await CalBooking.cancel($0, $1) },
            Skill(
                "add", patterns: CalPatterns.add, onReply: { try await CalBooking.resume($0, $1, $2) },
                body: { try await CalBooking.add($0, $1) }),
            Skill("timezone", patterns: CalPatterns.zone) { try await zone($0, $1) },
        ]
    }

    private static func zone(_ match: SkillMatch, _ turn: AgentTurn) async throws -> AgentAnswer {
        let words = CalPhrases(match.language)
        let name = match.slot("text").split(whereSeparator: \.isWhitespace).joined(separator: "_")
        do {
            let json = try await turn.tools.call("cal_settings", name.isEmpty ? [:] : ["timeZone": .string(name)])
            return AgentAnswer(words.zoneIs(json["timeZone"]?.stringValue ?? "UTC"), memory: turn.memory)
        } catch ToolError.invalidArguments {
            return AgentAnswer(words.noSuchZone(String(name.prefix(64))), memory: turn.memory)
        }
    }
}
