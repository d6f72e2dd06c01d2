import Foundation
import JSON

/// The skill of `@mail` that sums a day or a week up: how many from whom, about what, and what waits longest for an
/// answer.
enum MailDigest {
    static let senders = 8

    /// What one sender wrote.
    struct Sender: Hashable {
        var name: String
        var count: Int
        var subjects: [String]
    }

    /// The senders, most e-mails first, then in the order of their newest e-mail; each subject once, at most three.
    static func senders(_ entries: [MailLists.Entry]) -> [Sender] {
        var senders: [Sender] = []
        for entry in entries where !entry.isOutbound {
            let place = senders.firstIndex { $0.name == entry.from }
            var sender = place.map { senders[$0] } ?? Sender(name: entry.from, count: 0, subjects: [])
            sender.count += 1
            let subject = MailText.line(entry.subject, 60)
            if !subject.isEmpty, !sender.subjects.contains(subject), sender.subjects.count < 3 {
                sender.subjects.append(subject)
            }
            if let place { senders[place] = sender } else { senders.append(sender) }
        }
        return senders.enumerated().sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }
            .map(\.element)
    }

    static func answer(_ match: SkillMatch, _ turn: AgentTurn) async throws -> AgentAnswer {
        let words = MailPhrases(match.language)
        let span = FoldedText(match.slot("span")).words.map(\.folded)
        let days = span.contains("week") || span.contains("semana") || span.contains("semanal") ? 7 : 1
        let json = try await turn.tools.call(
            "mail_search", ["query": .string("in:inbox newer_than:\(days)d"), "max": 50])
        let entries = MailLists.entries(json)
        guard !entries.isEmpty else { return AgentAnswer(words.quiet(days), memory: turn.memory) }
        var lines = [words.digest(days, entries.count, more: json["hasMore"]?.boolValue ?? false)]
        lines += senders(entries).prefix(senders).map { sender in
            "· \(MailText.line(sender.name, 60)) (\(sender.count)): \(sender.subjects.joined(separator: "; "))"
        }
        if let oldest = entries.filter({ $0.isAnswered == false }).min(by: { $0.date < $1.date }) {
            let when = MailLists.when(oldest.date, MailLists.zone(json), words.language, turn.now)
            let subject = oldest.subject.isEmpty ? words.noSubject : MailText.line(oldest.subject, 60)
            lines.append(words.oldestUnanswered(MailText.line(oldest.from, 60), subject, when))
        }
        return AgentAnswer(lines.joined(separator: "\n"), memory: turn.memory)
    }
}
