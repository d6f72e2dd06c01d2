import Foundation
import JSON
import Tenancy

/// The skills of `@mail` that write: reply, draft, send.
enum MailWriting {
    static let longestText = 20_000

    static func reply(_ match: SkillMatch, _ turn: AgentTurn) async throws -> AgentAnswer {
        let words = MailPhrases(match.language)
        let number = Int(match.slot("n")) ?? 0
        guard let item = MailReading.item(number, turn) else {
            return AgentAnswer(words.noSuchNumber(number), memory: turn.memory)
        }
        let body = rest(of: turn.instruction, after: match.slot("n"))
        guard !body.isEmpty else { return AgentAnswer(words.howToReply(number), memory: turn.memory) }
        return try await draft(["replyTo": .string(item.id), "body": .string(body)], words, turn)
    }

    /// `draft to ana@example.com: Subject | Text`.
    static func draft(_ match: SkillMatch, _ turn: AgentTurn) async throws -> AgentAnswer {
        let words = MailPhrases(match.language)
        let text = match.slot("text")
        let written = text.prefix { !$0.isWhitespace && $0 != ":" }
        guard let address = EmailAddress(String(written))?.text,
            let start = turn.instruction.range(of: written)?.upperBound
        else { return AgentAnswer(words.howToDraft, memory: turn.memory) }
        let parts = turn.instruction[start...].drop { $0 == ":" || $0.isWhitespace }
            .split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
            .map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
            return AgentAnswer(words.howToDraft, memory: turn.memory)
        }
        return try await draft(
            ["to": [.string(address)], "subject": .string(String(parts[0].prefix(500))), "body": .string(parts[1])],
            words, turn)
    }

    private static func draft(
        _ arguments: JSONObject, _ words: MailPhrases, _ turn: AgentTurn
    ) async throws -> AgentAnswer {
        guard (arguments["body"]?.stringValue ?? "").unicodeScalars.count <= longestText else {
            return AgentAnswer(words.tooLong, memory: turn.memory)
        }
        let json: JSONValue
        do { json = try await turn.tools.call("mail_draft", arguments) } catch ToolError.invalidArguments {
            return AgentAnswer(words.noRecipient, memory: turn.memory)
        }
        guard let id = json["id"]?.stringValue, let subject = json["subject"]?.stringValue else {
            throw ToolError.notFound
        }
        var memory = turn.memory
        let number = memory.addDraft(.init(subject, id), at: turn.now)
        let to = (json["to"]?.arrayValue ?? []).compactMap(\.stringValue).joined(separator: ", ")
        let lines = [
            "\(words.to): \(to)", "\(words.subject): \(subject)", "", json["text"]?.stringValue ?? "", "",
            words.draft(number),
        ]
        return AgentAnswer(lines.joined(separator: "\n"), memory: memory)
    }

    static func send(_ match: SkillMatch, _ turn: AgentTurn) async throws -> AgentAnswer {
        let words = MailPhrases(match.language)
        let number = Int(match.slot("n")) ?? max(1, turn.memory.drafts.count)
        guard let draft = turn.memory.draft(number, at: turn.now) else {
            return AgentAnswer(words.noDraft(number), memory: turn.memory)
        }
        do {
            let name: JSONObject = ["draft": .string(draft.value)]
            var arguments = try await turn.tools.call("mail_outgoing", name).objectValue ?? [:]
            arguments["draft"] = name["draft"]
            if arguments["subject"] == "" { arguments["subject"] = nil }
            let json = try await turn.tools.call("mail_send", arguments)
            let to = (json["to"]?.arrayValue ?? []).compactMap(\.stringValue).joined(separator: ", ")
            return AgentAnswer(
                words.sent(json["state"]?.stringValue ?? "", to, json["subject"]?.stringValue ?? draft.label),
                memory: turn.memory)
        } catch ToolError.needsApproval {
            return AgentAnswer(words.needsApproval(draft.label), memory: turn.memory)
        }
    }

    /// What stands behind the first word that is this number, as it was written.
    private static func rest(of instruction: String, after number: String) -> String {
        let text = FoldedText(instruction)
        guard let place = text.words.firstIndex(where: { $0.folded == number }) else { return "" }
        return instruction[text.words[place].range.upperBound...].trimmingCharacters(
            in: .whitespacesAndNewlines.union(CharacterSet(charactersIn: ":")))
    }
}
