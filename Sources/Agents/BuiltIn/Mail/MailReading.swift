import Foundation
import JSON

/// The skills of `@mail` that show one e-mail or one thread.
enum MailReading {
    /// What a number of the last list stands for: the e-mail and its thread.
    static func item(_ number: Int, _ turn: AgentTurn) -> (label: String, id: String, thread: String)? {
        guard let item = turn.memory.item(number, at: turn.now) else { return nil }
        let parts = item.value.split(separator: " ", maxSplits: 1).map(String.init)
        return parts.count == 2 ? (item.label, parts[0], parts[1]) : nil
    }

    static func read(_ match: SkillMatch, _ turn: AgentTurn) async throws -> AgentAnswer {
        let words = MailPhrases(match.language)
        let number = Int(match.slot("n")) ?? 0
        guard let item = item(number, turn) else {
            return AgentAnswer(words.noSuchNumber(number), memory: turn.memory)
        }
        let json = try await turn.tools.call("mail_read", ["id": .string(item.id)])
        let zone = MailLists.zone(json)
        var lines = [
            "\(words.from): \(sender(json))", "\(words.to): \(list(json["to"]))",
            "\(words.subject): \(json["subject"]?.stringValue ?? "")",
            "\(words.date): \(moment(json, zone, words.language)) (\(CalPhrases.name(zone)))",
        ]
        let attachments = list(json["attachments"])
        if !attachments.isEmpty { lines.append("\(words.attached): \(attachments)") }
        lines += ["", json["text"]?.stringValue ?? ""]
        return AgentAnswer(lines.joined(separator: "\n"), memory: turn.memory)
    }

    static func thread(_ match: SkillMatch, _ turn: AgentTurn) async throws -> AgentAnswer {
        let words = MailPhrases(match.language)
        let number = Int(match.slot("n")) ?? 0
        guard let item = item(number, turn) else {
            return AgentAnswer(words.noSuchNumber(number), memory: turn.memory)
        }
        let json = try await turn.tools.call("mail_thread", ["thread": .string(item.thread)])
        let zone = MailLists.zone(json)
        let messages = json["messages"]?.arrayValue ?? []
        var lines = ["\(item.label) (\(CalPhrases.name(zone)))"]
        for message in messages.suffix(10) {
            let from = message["outbound"]?.boolValue == true ? words.you : sender(message)
            let text = message["text"]?.stringValue ?? ""
            lines.append("— \(from), \(moment(message, zone, words.language))")
            lines.append(text.count > 1_000 ? text.prefix(999) + "…" : text)
        }
        return AgentAnswer(lines.joined(separator: "\n"), memory: turn.memory)
    }

    private static func sender(_ json: JSONValue) -> String {
        let address = json["from"]?.stringValue ?? ""
        guard let name = json["fromName"]?.stringValue, !name.isEmpty else { return address }
        return "\(name) <\(address)>"
    }

    private static func list(_ json: JSONValue?) -> String {
        (json?.arrayValue ?? []).compactMap(\.stringValue).joined(separator: ", ")
    }

    private static func moment(_ json: JSONValue, _ zone: TimeZone, _ language: Language) -> String {
        let date = json["date"]?.stringValue.flatMap { Timestamp.parse($0) } ?? .distantPast
        let words = CalPhrases(language, zone: zone)
        let civil = zone.civil(date)
        return "\(words.day(civil.day)) \(words.clock(civil.minute))"
    }
}
