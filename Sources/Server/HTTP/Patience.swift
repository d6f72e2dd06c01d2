import Agents
import Conversations
import HTTPTypes

/// How long a caller wants to wait for the agents: `Prefer: wait=N` of RFC 7240, N up to 30 seconds.
struct Patience {
    private let isAsked: Bool
    private let time: Duration?

    /// - Parameter standard: how long to wait for a caller who says nothing; `nil` not to wait.
    init(_ headers: HTTPFields, otherwise standard: Duration? = nil) {
        let preferences = headers[values: .prefer].flatMap { $0.split(separator: ",") }
        let wait = preferences.lazy.compactMap { preference -> Int? in
            let parts = preference.split(separator: "=", maxSplits: 1).map { $0.filter { !$0.isWhitespace } }
            guard parts.count == 2, parts[0].lowercased() == "wait" else { return nil }
            return Int(parts[1].filter { $0 != "\"" })
        }.first
        isAsked = wait != nil
        time = wait.map { .seconds(min(max($0, 0), 30)) } ?? standard
    }

    /// The replies that came in time; `nil` when the caller did not want to wait.
    func replies(of ticket: TurnTicket) async -> [Message]? {
        guard let time else { return nil }
        return await ticket.outcome(within: time).replies
    }

    /// Tells the caller that the preference was followed.
    func note(in headers: inout HTTPFields) {
        if isAsked, let time { headers[.preferenceApplied] = "wait=\(time.wholeSeconds)" }
    }
}
