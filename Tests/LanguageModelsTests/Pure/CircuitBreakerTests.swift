import Testing

@testable import LanguageModels

@Suite("A model that failed is left alone, then tried by one single call")
struct CircuitBreakerTests {
    private let start = ContinuousClock.now

    @Test("A fatal failure opens it for five minutes; then one probe decides", arguments: [true, false])
    func probe(_ works: Bool) {
        var breaker = CircuitBreaker()
        func admits(_ now: CircuitBreaker.Instant) -> Bool { breaker.admits(at: now) }
        #expect(admits(start))
        breaker.fail(ModelError(.quota), at: start)
        #expect(!admits(start + .seconds(299)))
        #expect(!breaker.wouldAdmit(at: start + .seconds(299)))
        let later = start + .seconds(300)
        #expect(breaker.wouldAdmit(at: later))
        #expect(admits(later))
        #expect(!admits(later), "a second call during the probe")
        if works { breaker.succeed() } else { breaker.fail(ModelError(.unauthorized), at: later) }
        #expect(admits(later) == works)
        #expect(admits(later + .seconds(300)))
    }

    @Test("Passing failures open it only in a row, and for a short time")
    func passing() {
        var breaker = CircuitBreaker()
        func admits(_ now: CircuitBreaker.Instant) -> Bool { breaker.admits(at: now) }
        for _ in 0..<4 { breaker.fail(ModelError(.server), at: start) }
        breaker.succeed()
        for _ in 0..<4 { breaker.fail(ModelError(.headTimeout), at: start) }
        #expect(admits(start))
        breaker.fail(ModelError(.connection), at: start)
        #expect(!admits(start + .seconds(29)))
        #expect(admits(start + .seconds(30)))
    }

    @Test("What is the request's own fault changes nothing; a probe that nobody ended is made again")
    func neutral() {
        var breaker = CircuitBreaker()
        func admits(_ now: CircuitBreaker.Instant) -> Bool { breaker.admits(at: now) }
        for _ in 0..<20 { breaker.fail(ModelError(.unsuitable), at: start) }
        #expect(admits(start))
        breaker.fail(ModelError(.notFound), at: start)
        let later = start + .seconds(300)
        #expect(admits(later))
        breaker.giveUp(at: later)
        #expect(admits(later))
        #expect(!admits(later + .seconds(89)))
        #expect(admits(later + .seconds(90)), "the prober died")
    }
}

@Suite("Pauses between tries")
struct RetryPolicyTests {
    private let policy = RetryPolicy()

    private func pause(
        _ code: ModelError.Code, retries: Int = 0, restarts: Int = 0, after: Duration? = nil, shown: Bool = false,
        chance: Double = 0.5
    ) -> Duration? {
        var history = RetryPolicy.History()
        history.retries = retries
        history.restarts = restarts
        return policy.pause(after: ModelError(code, retryAfter: after), history, wasShown: shown, chance: chance)
    }

    @Test("Half a second, then one; a fifth more or less; then no more")
    func doubling() {
        #expect(pause(.server) == .milliseconds(500))
        #expect(pause(.server, retries: 1) == .seconds(1))
        #expect(pause(.server, retries: 2) == nil)
        #expect(pause(.server, chance: 0) == .milliseconds(400))
        #expect(pause(.server, retries: 1, chance: 1) == .milliseconds(1_200))
        #expect(pause(.server, chance: 99) == .milliseconds(600))
    }

    @Test("What the server asks for counts, up to 20 seconds; more is not waited for")
    func retryAfter() {
        #expect(pause(.rateLimited, after: .seconds(20)) == .seconds(20))
        #expect(pause(.rateLimited, after: .zero) == .zero)
        #expect(pause(.rateLimited, after: .seconds(21)) == nil)
        #expect(RetryPolicy.seconds("1.5") == .milliseconds(1_500))
        #expect(RetryPolicy.seconds("-1") == nil)
        #expect(RetryPolicy.seconds("Wed, 21 Oct 2026 07:28:00 GMT") == nil)
        #expect(RetryPolicy.seconds("nan") == nil)
    }

    @Test("An answer of which something was shown begins anew once")
    func shown() {
        #expect(pause(.cutShort, shown: true) != nil)
        #expect(pause(.cutShort, retries: 1, restarts: 1, shown: true) == nil)
        #expect(pause(.cutShort, retries: 1, restarts: 1) != nil)
    }

    @Test(
        "Only what may pass is tried again",
        arguments: [
            ModelError.Code.quota, .unauthorized, .forbidden, .notFound, .badRequest, .unsuitable, .tooLarge,
            .malformed, .redirect, .filtered, .noTools, .breakerOpen,
        ])
    func final(_ code: ModelError.Code) { #expect(pause(code) == nil) }

    @Test("A turn's tries are bounded over all its calls")
    func allowance() {
        let allowance = RetryAllowance(2)
        #expect(allowance.take())
        #expect(allowance.take())
        #expect(!allowance.take())
    }
}
