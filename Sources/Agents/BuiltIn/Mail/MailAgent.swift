import Foundation
import JSON

/// `@mail`: reads the author's and the company's e-mail, and writes drafts. It sends nothing that nobody approved.
public struct MailAgent: Agent {
    /// How the registry lists it.
    public let profile: AgentProfile
    /// Search, read, thread, draft, send, accounts.
    public let tools: [any Tool]
    private let engine = SkillEngine(Self.skills) { match, turn in
        AgentAnswer(MailPhrases(match.language).help, memory: turn.memory, confidence: 0)
    }

    /// The agent on these tools, `mail_search`, `mail_read`, `mail_thread`, `mail_draft`, `mail_send` and
    /// `mail_accounts` among them.
    public init(tools: [any Tool]) {
        self.tools = tools
        profile = AgentProfile(
            name: "mail", description: "Reads and searches e-mail, and drafts answers; sends after approval.",
            audience: .internal, tools: tools.map(\.name),
            examples: [.english: "@mail unread", .spanish: "@mail no leídos"],
            keywords: ["mail", "email", "inbox", "unread", "correo", "correos", "bandeja"])
    }

    /// Answers one instruction.
    public func answer(_ turn: AgentTurn) async throws -> AgentAnswer {
        try await engine.answer(turn, or: MailPhrases(turn.language(nil)))
    }

    /// What a skill understands exactly.
    public func exactAnswer(_ turn: AgentTurn) async throws -> AgentAnswer? {
        engine.understands(turn) ? try await answer(turn) : nil
    }

    /// Numbers the drafts that a model wrote, and says how to send them: the model itself cannot.
    public func completed(_ answer: AgentAnswer, _ turn: AgentTurn) -> AgentAnswer {
        var answer = answer
        let words = MailPhrases(turn.language(nil))
        for call in turn.tools.calls where call.name == MailDraftTool.toolName {
            guard let draft = call.result, let id = draft["id"]?.stringValue else { continue }
            let number = answer.memory.addDraft(.init(draft["subject"]?.stringValue ?? "", id), at: turn.now)
            let to = (draft["to"]?.arrayValue ?? []).compactMap(\.stringValue).joined(separator: ", ")
            answer.text += "\n\n\(words.to): \(to)\n\(words.draft(number))"
        }
        return answer
    }

    private static var skills: [Skill] {
        [
            Skill("help", patterns: MailPatterns.help) { match, turn in
                AgentAnswer(MailPhrases(match.language).help, memory: turn.memory, confidence: 0)
            },
            Skill("unread", patterns: MailPatterns.unread) { try await MailLists.unread($0, $1) },
            Skill("inbox", patterns: MailPatterns.inbox) { try await MailLists.inbox($0, $1) },
            Skill("accounts", patterns: MailPatterns.accounts) { try await MailLists.accounts($0, $1) },
            Skill("digest", patterns: MailPatterns.digest) { try await MailDigest.answer($0, $1) },
            Skill("read", patterns: MailPatterns.read) { try await MailReading.read($0, $1) },
            Skill("thread", patterns: MailPatterns.thread) { try await MailReading.thread($0, $1) },
            Skill("reply", patterns: MailPatterns.reply) { try await MailWriting.reply($0, $1) },
            Skill("draft", patterns: MailPatterns.draft) { try await MailWriting.draft($0, $1) },
            Skill("send", patterns: MailPatterns.send) { try await MailWriting.send($0, $1) },
            Skill("from", patterns: MailPatterns.from) { try await MailLists.from($0, $1) },
            Skill("search", patterns: MailPatterns.search) { try await MailLists.search($0.slot("text"), $0, $1) },
        ]
    }
}
