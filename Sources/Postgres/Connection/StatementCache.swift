/// Which statements one connection has prepared, by their text. The least recently used gives way.
struct StatementCache {
    private struct Entry {
        let name: String
        var lastUse: Int
    }

    let capacity: Int
    private var entries: [String: Entry] = [:]
    private var clock = 0
    private var names = 0

    init(capacity: Int) {
        self.capacity = capacity
    }

    var count: Int { entries.count }

    /// The name under which the text is prepared, which counts as a use.
    mutating func name(of text: String) -> String? {
        clock += 1
        entries[text]?.lastUse = clock
        return entries[text]?.name
    }

    /// A name that this connection has not used yet.
    mutating func newName() -> String {
        names += 1
        return "sb_\(names)"
    }

    /// Remembers a prepared statement. Returns the names that are no longer wanted.
    mutating func insert(_ name: String, for text: String) -> [String] {
        clock += 1
        var dropped: [String] = []
        if let old = entries.updateValue(Entry(name: name, lastUse: clock), forKey: text) { dropped.append(old.name) }
        while entries.count > capacity, let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) {
            entries[oldest.key] = nil
            dropped.append(oldest.value.name)
        }
        return dropped
    }

    /// Forgets a statement, and returns the name it had.
    mutating func remove(_ text: String) -> String? {
        entries.removeValue(forKey: text)?.name
    }
}
