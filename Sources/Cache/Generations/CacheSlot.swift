import Synchronization

/// The last value that was read for one caller, kept beside what else is known of them: it is found again without a
/// look-up in the cache. Holds it for a second and one generation.
public final class CacheSlot<Value: Sendable>: Sendable {
    private struct Copy {
        let value: Value
        let generation: String
        let expiry: ContinuousClock.Instant
    }

    /// Added to the life of a copy in the process.
    private static var lifetime: Duration { .seconds(1) }

    private let copy = Mutex<Copy?>(nil)

    /// An empty slot.
    public init() {}

    func value(_ generation: String) -> Value? {
        copy.withLock { copy in
            guard let copy, copy.generation == generation, .now < copy.expiry else { return nil }
            return copy.value
        }
    }

    func keep(_ value: Value, _ generation: String) {
        let fresh = Copy(value: value, generation: generation, expiry: .now + Self.lifetime)
        copy.withLock { $0 = fresh }
    }
}
