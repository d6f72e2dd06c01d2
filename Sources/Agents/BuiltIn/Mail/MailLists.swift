import Foundation
import JSON

/// The skills of `@mail` that list: unread, inbox, search, from, accounts.
enum MailLists {
    static let shown = 10

    /// One e-mail as the tools return it in lists.
    struct Entry {
        var id: String
        var thread: String
        var from: String
        var subject: String
        var date: Date
        var isOutbound: Bool
        var isAnswered: Bool?

        init?(_ json: JSONValue) {
            guard let id = json["id"]?.stringValue, let thread = json["thread"]?.stringValue,
                let date = json["date"]?.stringValue.flatMap({ Timestamp.parse($0) })
            else { return nil }
            self.id = id
            self.thread = thread
            let name = json["fromName"]?.stringValue ?? ""
            from = name.isEmpty ? json["from"]?.stringValue ?? "" : name
            subject = json["subject"]?.stringValue ?? ""
            self.date = date
            isOutbound = json["outbound"]?.boolValue ?? false
            isAnswered = json["answered"]?.boolValue
        }

        /// What the number in a list stands for: the e-mail, and its thread after a blank.
        func option(_ words: MailPhrases) -> PendingQuestion.Option {
            .init(subject.isEmpty ? words.noSubject : subject, "\(id) \(thread)")
        }
    }

    static func entries(_ json: JSONValue) -> [Entry] { json["messages"]?.arrayValue?.compactMap { Entry($0) } ?? [] }

    static func zone(_ json: JSONValue) -> TimeZone {
        json["timeZone"]?.stringValue.flatMap { TimeZone(identifier: $0) } ?? .gmt
    }

    /// `09:14` for today, else `24 Nov 2026`.
    static func when(_ date: Date, _ zone: TimeZone, _ language: Language, _ now: Date) -> String {
        let words = CalPhrases(language, zone: zone)
        let civil = zone.civil(date)
        return civil.day == zone.civil(now).day ? words.clock(civil.minute) : words.day(civil.day)
    }

    static func unread(_ match: SkillMatch, _ turn: AgentTurn) async throws -> AgentAnswer {
        let words = MailPhrases(match.language)
        return try await list("is:unread in:inbox", words, turn, empty: words.nothingUnread) {
            words.unread($0, more: $1)
        }
    }

    static func inbox(_ match: SkillMatch, _ turn: AgentTurn) async throws -> AgentAnswer {
        let words = MailPhrases(match.language)
        return try await list("in:inbox", words, turn, empty: words.emptyInbox) { words.inbox(more: $1) }
    }

    static func search(_ query: String, _ match: SkillMatch, _ turn: AgentTurn) async throws -> AgentAnswer {
        let words = MailPhrases(match.language)
        let query = String(String.UnicodeScalarView(query.unicodeScalars.prefix(400)))
        let shown = MailText.line(query, 100)
        return try await list(query, words, turn, empty: words.nothingFound(shown)) { _, _ in words.found(shown) }
    }

    static func from(_ match: SkillMatch, _ turn: AgentTurn) async throws -> AgentAnswer {
        let who = (match.slot("who").isEmpty ? match.slot("text") : match.slot("who")).filter { $0 != "\"" }
        return try await search("from:\"\(who)\" \(match.slot("topic"))", match, turn)
    }

    private static func list(
        _ query: String, _ words: MailPhrases, _ turn: AgentTurn, empty: String, lead: (Int, Bool) -> String
    ) async throws -> AgentAnswer {
        let query = query.trimmingCharacters(in: .whitespaces)
        let json = try await turn.tools.call("mail_search", ["query": .string(query), "max": .integer(Int64(shown))])
        let entries = entries(json)
        let hasMore = json["hasMore"]?.boolValue ?? false
        var memory = turn.memory
        memory.keep(entries.map { $0.option(words) }, at: turn.now)
        var lines = [entries.isEmpty ? empty : lead(entries.count, hasMore)]
        lines += entries.enumerated().map { index, entry in
            let subject = entry.subject.isEmpty ? words.noSubject : MailText.line(entry.subject, 100)
            let when = when(entry.date, zone(json), words.language, turn.now)
            return "\(index + 1). \(MailText.line(entry.from, 60)) · \(subject) · \(when)"
        }
        if !entries.isEmpty { lines.append(words.howToGoOn) }
        lines += (json["failures"]?.arrayValue ?? []).map {
            words.unreadable($0["account"]?.stringValue ?? "", reconnect: $0["problem"]?.stringValue == "reconnect")
        }
        return AgentAnswer(lines.joined(separator: "\n"), memory: memory)
    }

    static func accounts(_ match: SkillMatch, _ turn: AgentTurn) async throws -> AgentAnswer {
        let words = MailPhrases(match.language)
        let json = try await turn.tools.call("mail_accounts")
        var lines = [words.company(json["company"]?.stringValue ?? "", json["address"]?.stringValue)]
        let accounts = json["accounts"]?.arrayValue ?? []
        lines += accounts.map {
            words.account(
                $0["address"]?.stringValue ?? "", reconnect: $0["state"]?.stringValue == "reconnect",
                mail: $0["mail"]?.boolValue ?? false)
        }
        if accounts.isEmpty || accounts.contains(where: { $0["state"]?.stringValue == "reconnect" }) {
            lines.append(words.howToLink(json["canLink"]?.boolValue ?? false))
        }
        return AgentAnswer(lines.joined(separator: "\n"), memory: turn.memory)
    }
}
