import Foundation
import Synchronization

/// The copies that this process keeps: bounded in bytes, each valid for one generation and a short time.
final class LocalCopies: Sendable {
    struct Key: Hashable, Sendable {
        let company: UUID
        let kind: CacheKind
        /// Name of the sort.
        let name: String
        let id: String
    }

    private struct Copy {
        let value: any Sendable
        let generation: String
        let expiry: ContinuousClock.Instant
    }

    private let copies: Mutex<BoundedTable<Key, Copy>>
    private let now: @Sendable () -> ContinuousClock.Instant

    init(maxBytes: Int, now: @escaping @Sendable () -> ContinuousClock.Instant) {
        copies = Mutex(BoundedTable(limit: maxBytes))
        self.now = now
    }

    func value<Value>(_ key: Key, generation: String, as type: Value.Type) -> Value? {
        let copy = copies.withLock { $0.value(key) }
        guard let copy, copy.generation == generation, now() < copy.expiry else { return nil }
        return copy.value as? Value
    }

    /// - Parameter bytes: about how much memory the value takes.
    func keep(_ value: some Sendable, _ key: Key, generation: String, for time: Duration, bytes: Int) {
        let copy = Copy(value: value, generation: generation, expiry: now() + time)
        // What the entry itself takes, counted generously.
        copies.withLock { $0.set(copy, for: key, weight: bytes + key.name.utf8.count + key.id.utf8.count + 256) }
    }
}
