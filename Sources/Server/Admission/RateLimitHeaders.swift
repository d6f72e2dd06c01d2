import Cache
import Foundation
import HTTPTypes

/// The headers which tell a caller about limits: the IETF draft's `RateLimit` and `RateLimit-Policy`, and the older
/// `X-RateLimit-*` that many clients read.
enum RateLimitHeaders {
    /// The value of `RateLimit-Policy`.
    static func policy(_ limits: [(name: String, figures: RateLimit)]) -> String {
        limits.map { "\"\($0.name)\";q=\($0.figures.limit);w=\($0.figures.window.wholeSeconds)" }.joined(
            separator: ", ")
    }

    /// Puts what `decision` says in the place of `headers`; the tightest limit is the one that the single-valued headers
    /// tell.
    ///
    /// - Parameter policy: the value of `RateLimit-Policy` when it is known.
    static func write(
        _ decision: RateLimitDecision, policy: String? = nil, to headers: inout AnswerHeaders, now: Date = Date()
    ) {
        guard
            let tightest = decision.limits.min(by: { left, right in
                (left.isAllowed ? 1 : 0, left.remaining) < (right.isAllowed ? 1 : 0, right.remaining)
            })
        else { return }
        let remaining = String(tightest.remaining)
        let reset = tightest.reset.wholeSeconds
        let end = Int(now.timeIntervalSince1970.rounded(.up)) + reset
        headers = [
            .rateLimitPolicy: policy ?? Self.policy(decision.limits.map { ($0.name, $0.policy) }),
            .rateLimit: "\"" + tightest.name + "\";r=" + remaining + ";t=" + String(reset),
            .rateLimitLimit: String(tightest.policy.limit), .rateLimitRemaining: remaining,
            .rateLimitReset: String(end),
        ]
    }

    /// How late the answer comes to who asks again and again without waiting: as long as its connections wait for that
    /// they bring nothing new, and leave the server to the others. Not all at once, so that they do not come back together.
    private static var impatienceDelay: Duration { .milliseconds(Int.random(in: 75...150)) }

    /// The refusal of `decision`.
    static func refusal(_ decision: RateLimitDecision) -> Problem {
        let seconds = max(1, decision.retryAfter?.wholeSeconds ?? 1)
        var problem = Problem(
            status: .tooManyRequests, code: .rateLimited, detail: "Too many requests; try again in \(seconds) s.")
        problem.headers[.retryAfter] = String(seconds)
        if decision.isImpatient { problem.delay = impatienceDelay }
        return problem
    }
}

extension Duration {
    /// Seconds, rounded up.
    var wholeSeconds: Int {
        let (seconds, attoseconds) = components
        return Int(seconds) + (attoseconds > 0 ? 1 : 0)
    }
}
