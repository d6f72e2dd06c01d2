import Cache
import Tenancy

/// Slows down those who guess: sign-ins are counted by address and by account.
struct SignInGuards: Sendable {
    let limiter: RateLimiter
    let limits: LimitSettings

    /// Counts a sign-in or sign-up from an address.
    func address(_ address: String) async throws {
        try await check("sign-in-address", ClientAddress.limitKey(address), limits.signInPerAddressPerMinute)
    }

    /// Counts a try to sign in to an account, whether it exists or not.
    func account(_ name: String) async throws {
        try await check("sign-in-account", name.lowercased(), limits.signInPerAccountPerMinute)
    }

    private func check(_ name: String, _ subject: String, _ count: Int) async throws {
        let decision = await limiter.check(limits: [
            RateLimitRequest(name: name, subject: subject, limit: .perMinute(count))
        ])
        guard decision.isAllowed else {
            var problem = RateLimitHeaders.refusal(decision)
            RateLimitHeaders.write(decision, to: &problem.headers)
            throw problem
        }
    }
}
