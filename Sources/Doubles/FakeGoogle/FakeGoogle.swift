public import Foundation
public import Hummingbird
import JSON
import Synchronization

/// Google as far as Switchboard uses it: consent that is given at once, tokens, one mailbox and one calendar in memory.
///
/// ```swift
/// let google = FakeGoogle()
/// try await withDouble(google) { running in … running.environment … }
/// ```
public final class FakeGoogle: LoopbackDouble {
    /// An e-mail in the mailbox.
    public struct Mail: Sendable, Hashable {
        /// Its id.
        public var id: String
        /// Its thread's id.
        public var threadId: String
        /// The headers in order.
        public var headers: [[String]]
        /// The text.
        public var text: String
        /// The text's media type.
        public var type = "text/plain"
        /// `INBOX`, `UNREAD`, `SENT`, `DRAFT`.
        public var labels: [String]
        /// When it was written.
        public var date: Date

        /// The value of a header.
        public func header(_ name: String) -> String? { headers.first { $0[0].lowercased() == name.lowercased() }?[1] }
    }

    /// A request as it came, without its body.
    public struct Recorded: Sendable, Hashable {
        /// The method.
        public var method: String
        /// The path with the query.
        public var path: String
    }

    struct Code {
        var challenge: String
        var redirect: String
        var scopes: String
    }

    struct State {
        var requests: [Recorded] = []
        var codes: [String: Code] = [:]
        var refreshTokens: [String: String] = [:]
        var accessTokens: [String: Date] = [:]
        var number = 0
        var refreshes = 0
        var rotates = false
        var refusesRefresh = false
        var refreshDelay = Duration.zero
        var accessLifetime = 3_600
        var grants: String?
        var statuses: [Int] = []
        var losesNextSend = false
        var pageSize = 100
        var mails: [Mail] = []
        var drafts: [(id: String, mail: Mail)] = []
        var events: [String: JSONObject] = [:]

        mutating func next(_ kind: String) -> String {
            number += 1
            return "\(kind)\(number)"
        }
    }

    /// `google`.
    public let name = "google"
    /// The address of the account that consents.
    public let email: String
    let clientId = "double-client"
    let clientSecret = "double-secret"
    let state = Mutex(State())

    /// An account with an empty mailbox and an empty calendar.
    public init(email: String = "ana@gmail.example") { self.email = email }

    /// The settings by which a server uses it.
    public func environment(_ address: String) -> [(name: String, value: String)] {
        [
            ("GOOGLE_CLIENT_ID", clientId), ("GOOGLE_CLIENT_SECRET", clientSecret),
            ("GOOGLE_AUTH_URL", "\(address)/o/oauth2/v2/auth"), ("GOOGLE_TOKEN_URL", "\(address)/token"),
            ("GOOGLE_REVOKE_URL", "\(address)/revoke"), ("GOOGLE_GMAIL_URL", "\(address)/gmail/v1"),
            ("GOOGLE_CALENDAR_URL", "\(address)/calendar/v3"),
        ]
    }

    /// Adds its routes.
    public func serve(_ router: Router<BasicRequestContext>) {
        serveConsent(router)
        serveMail(router)
        serveCalendar(router)
    }

    // MARK: What a test sets and sees

    /// The requests so far.
    public var requests: [Recorded] { state.withLock { $0.requests } }
    /// How often tokens were refreshed.
    public var refreshes: Int { state.withLock { $0.refreshes } }
    /// What was sent.
    public var sent: [Mail] { state.withLock { $0.mails.filter { $0.labels.contains("SENT") } } }
    /// What was drafted and not sent.
    public var drafts: [Mail] { state.withLock { $0.drafts.map(\.mail) } }
    /// The titles of the events, called off ones left out.
    public var events: [String] {
        state.withLock { state in
            state.events.values.filter { $0["status"]?.stringValue != "cancelled" }
                .compactMap { $0["summary"]?.stringValue }.sorted()
        }
    }

    /// Every refresh gives a new refresh token, and the old one is good no more.
    public func rotateTokens() { state.withLock { $0.rotates = true } }
    /// Every refresh is refused with `invalid_grant` from now on, or no longer.
    public func refuseRefresh(_ refuses: Bool = true) { state.withLock { $0.refusesRefresh = refuses } }
    /// How long a refresh takes.
    public func delayRefresh(_ delay: Duration) { state.withLock { $0.refreshDelay = delay } }
    /// New access tokens are good for so many seconds.
    public func setLifetime(_ seconds: Int) { state.withLock { $0.accessLifetime = seconds } }
    /// Access tokens are good no more.
    public func expireTokens() { state.withLock { $0.accessTokens = [:] } }
    /// The owner takes the consent back: no token is good any more.
    public func revokeConsent() {
        state.withLock { state in
            state.accessTokens = [:]
            state.refreshTokens = [:]
        }
    }
    /// What is allowed at the next consents, whatever is asked for; nil for everything.
    public func grantOnly(_ scopes: String?) { state.withLock { $0.grants = scopes } }
    /// The next calls of the APIs are answered with these statuses.
    public func answerNext(_ statuses: Int...) { state.withLock { $0.statuses += statuses } }
    /// The next send is carried out and its answer lost.
    public func loseNextSend() { state.withLock { $0.losesNextSend = true } }
    /// How many entries a page has at most.
    public func setPageSize(_ size: Int) { state.withLock { $0.pageSize = size } }

    /// Puts an e-mail into the inbox, unread.
    public func receive(
        from: String, subject: String, text: String, type: String = "text/plain", date: Date = Date(),
        messageId: String? = nil
    ) {
        state.withLock { state in
            let id = state.next("m")
            let headers = [
                ["From", from], ["To", email], ["Subject", subject],
                ["Message-Id", "<\(messageId ?? "\(id)@sender.example")>"],
            ]
            state.mails.append(
                Mail(
                    id: id, threadId: "t\(id)", headers: headers, text: text, type: type, labels: ["INBOX", "UNREAD"],
                    date: date))
        }
    }

    /// Puts an event into the calendar.
    public func plan(_ title: String, from start: Date, to end: Date) {
        state.withLock { state in
            let id = state.next("e")
            state.events[id] = [
                "id": .string(id), "summary": .string(title), "status": "confirmed",
                "start": ["dateTime": .string(Timestamp.string(start))],
                "end": ["dateTime": .string(Timestamp.string(end))],
            ]
        }
    }
}
