/// A dictionary that keeps what was used lately: at most `capacity` entries, at least the last `capacity / 2` used.
///
/// Two generations instead of a linked list: an entry that is read or written goes into the young one; when that
/// holds half the capacity it becomes the old one, and the old one is dropped. Each operation takes constant time.
struct RecentCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private let half: Int
    private var young: [Key: Value] = [:]
    private var old: [Key: Value] = [:]

    init(capacity: Int) { half = max(1, capacity / 2) }

    var count: Int { young.count + old.count }

    /// The value of `key`, which counts as used now.
    mutating func value(for key: Key) -> Value? {
        if let value = young[key] { return value }
        guard let value = old.removeValue(forKey: key) else { return nil }
        insert(value, for: key)
        return value
    }

    mutating func insert(_ value: Value, for key: Key) {
        old.removeValue(forKey: key)
        young[key] = value
        guard young.count >= half else { return }
        old = young
        young = Dictionary(minimumCapacity: half)
    }

    mutating func remove(_ key: Key) {
        young.removeValue(forKey: key)
        old.removeValue(forKey: key)
    }
}
