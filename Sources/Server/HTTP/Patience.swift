import Agents
import Conversations
import HTTPTypes

/// How long a caller wants to wait for the agents: `Prefer: wait=N` of RFC 7240, N up to 30 seconds.
struct Patience {
    private let isAsked: Bool
    private let time: Duration?

    /// - Parameter standard: how long to wait for a caller who says nothing; `nil` not to wait.
    init(_ headers: RequestHeaders, otherwise standard: Duration? = nil) {
        let preferences = headers[values: .prefer].flatMap { $0.split(separator: ",") }
        let wait = preferences.lazy.compactMap { preference -> Int? in
            let parts = preference.split(separator: "=", maxSplits: 1).map { $0.filter { !$0.isWhitespace } }
            guard parts.count == 2, parts[0].lowercased() == "wait" else { return nil }
            return Int(parts[1].filter { $0 != "\"" })
        }.first
        isAsked = wait != nil
        time = wait.map { .seconds(min(max($0, 0), 30)) } ?? standard
    }

    /// Starts the agents that a message asks for.
    /// - Returns: the replies that came in time; `nil` when the caller did not want to wait.
    nonisolated(nonsending) func replies(to message: Message, _ turns: TurnRunner) async -> [Message]? {
        guard let time else {
            turns.begin(message)
            return nil
        }
        return await turns.start(message).outcome(within: time).replies
    }

    /// Tells the caller that the preference was followed.
    func note(in headers: inout AnswerHeaders) {
        if isAsked, let time { headers[.preferenceApplied] = "wait=\(time.wholeSeconds)" }
    }
}
