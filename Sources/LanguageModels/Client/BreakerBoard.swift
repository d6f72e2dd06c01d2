import Synchronization

/// The breakers and the learned quirks of the models this process asked, bounded in number.
final class BreakerBoard: Sendable {
    static let maximumEntries = 10_000

    struct Key: Hashable, Sendable {
        var profile: String
        var address: String
        var model: String
        /// A new key is a new chance.
        var key: ModelKey?

        init(_ profile: ModelProfile, _ model: String) {
            self.profile = profile.id
            address = profile.baseURL
            self.model = model
            key = profile.key
        }
    }

    private struct State {
        var breakers: [Key: CircuitBreaker] = [:]
        var quirks: [Key: ModelQuirks] = [:]
    }

    private let standard: CircuitBreaker
    private let state = Mutex(State())

    init(_ standard: CircuitBreaker) { self.standard = standard }

    func admits(_ key: Key) -> Bool { change(key) { $0.admits(at: .now) } }

    func wouldAdmit(_ key: Key) -> Bool {
        state.withLock { ($0.breakers[key] ?? standard).wouldAdmit(at: .now) }
    }

    func succeed(_ key: Key) { change(key) { $0.succeed() } }

    func giveUp(_ key: Key) { change(key) { $0.giveUp(at: .now) } }

    /// A wrong key or an empty account fails all models of a profile alike.
    func fail(_ key: Key, _ error: ModelError, of profile: ModelProfile) {
        let isShared = [.quota, .unauthorized, .forbidden].contains(error.code)
        for key in isShared ? profile.models.map({ Key(profile, $0) }) : [key] {
            change(key) { $0.fail(error, at: .now) }
        }
    }

    func quirks(_ key: Key, of profile: ModelProfile) -> ModelQuirks {
        state.withLock { $0.quirks[key] ?? profile.quirks }
    }

    func keep(_ quirks: ModelQuirks, for key: Key) {
        state.withLock { state in
            if state.quirks.count >= Self.maximumEntries { state.quirks.removeAll() }
            state.quirks[key] = quirks
        }
    }

    @discardableResult
    private func change<Result: Sendable>(_ key: Key, _ body: (inout CircuitBreaker) -> Result) -> Result {
        state.withLock { state in
            var breaker = state.breakers[key] ?? standard
            let result = body(&breaker)
            if breaker.isFresh {
                state.breakers[key] = nil
            } else {
                if state.breakers.count >= Self.maximumEntries { state.breakers.removeAll() }
                state.breakers[key] = breaker
            }
            return result
        }
    }
}
