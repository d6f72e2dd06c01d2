import Foundation
import JSON

/// The mailbox of a Google account.
struct Gmail: LinkedMailbox {
    /// Messages that are fetched at once.
    static let atOnce = 4

    let accountId: UUID
    let address: String
    let calls: GoogleCalls

    private var base: String { calls.http.configuration.gmailURL + "/users/me" }

    func search(_ query: String, limit: Int) async throws -> [LinkedMail] {
        let ids = try await ids(query, limit: limit)
        let headers = ["From", "To", "Cc", "Subject", "Date", "Message-ID", "References"]
        let wanted = "format=metadata&" + GoogleHTTP.query(headers.map { ("metadataHeaders", $0) })
        return try await fetch(ids.map { "\(base)/messages/\(GoogleHTTP.escape($0))?\(wanted)" })
    }

    private func ids(_ query: String, limit: Int) async throws -> [String] {
        var ids: [String] = []
        var page: String?
        repeat {
            var parameters = [("q", query), ("maxResults", String(min(limit - ids.count, 50)))]
            if let page { parameters.append(("pageToken", page)) }
            let json = try await calls.send(.get, "\(base)/messages?" + GoogleHTTP.query(parameters)).json
            let found = (json["messages"]?.arrayValue ?? []).compactMap { $0["id"]?.stringValue }
            ids += found
            page = found.isEmpty ? nil : json["nextPageToken"]?.stringValue
        } while page != nil && ids.count < limit
        return Array(ids.prefix(limit))
    }

    /// The messages at these addresses in their order; one that is gone meanwhile is left out.
    private func fetch(_ urls: [String]) async throws -> [LinkedMail] {
        try await withThrowingTaskGroup(of: Found.self) { group in
            var next = 0
            func addNext() {
                guard next < urls.count else { return }
                let (place, url) = (next, urls[next])
                next += 1
                group.addTask { Found(place: place, mail: try await fetch(url)) }
            }
            for _ in 0..<Self.atOnce { addNext() }
            var found: [Found] = []
            while let next = try await group.next() {
                found.append(next)
                addNext()
            }
            return found.sorted { $0.place < $1.place }.compactMap(\.mail)
        }
    }

    private struct Found: Sendable {
        let place: Int
        let mail: LinkedMail?
    }

    /// One message; nil when it is gone. Apart from the group, because the optimizer of Swift 6.3 breaks tuples that a
    /// task's closure returns from two places.
    private func fetch(_ url: String) async throws -> LinkedMail? {
        do { return LinkedMail(gmail: try await calls.send(.get, url).json) } catch LinkFailure.notFound { return nil }
    }

    func read(_ id: String) async throws -> LinkedMail {
        let json = try await calls.send(.get, "\(base)/messages/\(GoogleHTTP.escape(id))?format=full").json
        guard let mail = LinkedMail(gmail: json) else { throw LinkFailure.notFound }
        return mail
    }

    func thread(_ id: String) async throws -> [LinkedMail] {
        let json = try await calls.send(.get, "\(base)/threads/\(GoogleHTTP.escape(id))?format=full").json
        return (json["messages"]?.arrayValue ?? []).suffix(50).compactMap { LinkedMail(gmail: $0) }
    }

    // MARK: Writing

    func draft(_ mail: OutgoingMail) async throws -> LinkedDraft {
        let query = GoogleHTTP.query([("q", "rfc822msgid:\(mail.messageId)"), ("maxResults", "1")])
        let known = try await calls.send(.get, "\(base)/drafts?\(query)").json
        if let id = known["drafts"]?.arrayValue?.first?["id"]?.stringValue {
            return try await draft("\(id)~\(mail.messageId)")
        }
        var message: JSONObject = ["raw": .string(Data(MailMessage.bytes(mail)).base64URL)]
        message["threadId"] = mail.parent.map { .string($0.threadId) }
        let json = try await calls.send(.post, "\(base)/drafts", ["message": .object(message)]).json
        guard let id = json["id"]?.stringValue else { throw LinkFailure.refused(200) }
        return LinkedDraft(
            id: "\(id)~\(mail.messageId)",
            mail: LinkedMail(
                id: json["message"]?["id"]?.stringValue ?? "",
                threadId: json["message"]?["threadId"]?.stringValue ?? "",
                messageId: mail.messageId, to: mail.to, cc: mail.cc, subject: mail.subject, date: Date(),
                text: mail.text, isOutbound: true))
    }

    /// - Parameter id: Gmail's id and our Message-ID, with `~` between: a draft that was sent is gone, and what became
    ///   of it is found by the Message-ID.
    func draft(_ id: String) async throws -> LinkedDraft {
        let parts = id.split(separator: "~", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { throw LinkFailure.notFound }
        do {
            let json = try await calls.send(.get, "\(base)/drafts/\(GoogleHTTP.escape(parts[0]))?format=full").json
            guard let mail = json["message"].flatMap({ LinkedMail(gmail: $0) }) else { throw LinkFailure.notFound }
            return LinkedDraft(id: id, mail: mail)
        } catch LinkFailure.notFound {
            guard let sent = try await sent(parts[1]) else { throw LinkFailure.notFound }
            return LinkedDraft(id: id, mail: try await read(sent))
        }
    }

    func send(_ draft: LinkedDraft) async throws -> String {
        let parts = draft.id.split(separator: "~", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { throw LinkFailure.notFound }
        // Gmail has no key against doubles: what was sent under this Message-ID is looked for before every try.
        for _ in 1...max(1, calls.http.configuration.attempts) {
            if let sent = try await sent(parts[1]) { return sent }
            do {
                let json = try await calls.send(
                    .post, "\(base)/drafts/send", ["id": .string(parts[0])], isRepeatable: false
                ).json
                if let id = json["id"]?.stringValue { return id }
            } catch LinkFailure.unavailable {
                try await Task.sleep(for: calls.http.configuration.pause)
            }
        }
        guard let sent = try await sent(parts[1]) else { throw LinkFailure.unavailable }
        return sent
    }

    private func sent(_ messageId: String) async throws -> String? {
        try await ids("rfc822msgid:\(messageId) in:sent", limit: 1).first
    }
}
