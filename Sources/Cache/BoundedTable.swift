/// A dictionary with a limit: what was used longest ago makes room. Each entry has a weight, the whole a limit.
struct BoundedTable<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Node {
        var key: Key
        var value: Value
        var weight: Int
        var newer: Int
        var older: Int
    }

    private static var none: Int { -1 }

    /// The most that all weights may be together.
    let limit: Int
    private(set) var weight = 0
    private var places: [Key: Int] = [:]
    private var nodes: [Node?] = []
    private var free: [Int] = []
    private var newest = Self.none
    private var oldest = Self.none

    init(limit: Int) { self.limit = limit }

    var count: Int { places.count }

    /// The value, which becomes the one used last.
    mutating func value(_ key: Key) -> Value? {
        guard let place = places[key] else { return nil }
        if place != newest {
            unlink(place)
            linkAsNewest(place)
        }
        return nodes[place]?.value
    }

    /// Puts a value in, and the oldest ones out until all fits. A value heavier than the limit is not kept.
    mutating func set(_ value: Value, for key: Key, weight: Int = 1) {
        remove(key)
        guard weight <= limit else { return }
        while self.weight + weight > limit, oldest != Self.none, let last = nodes[oldest] { remove(last.key) }
        let node = Node(key: key, value: value, weight: weight, newer: Self.none, older: Self.none)
        let place: Int
        if let reused = free.popLast() {
            place = reused
            nodes[place] = node
        } else {
            place = nodes.count
            nodes.append(node)
        }
        places[key] = place
        self.weight += weight
        linkAsNewest(place)
    }

    mutating func remove(_ key: Key) {
        guard let place = places.removeValue(forKey: key) else { return }
        unlink(place)
        weight -= nodes[place]?.weight ?? 0
        nodes[place] = nil
        free.append(place)
    }

    /// Removes what the condition holds for. Looks at everything.
    mutating func removeAll(where condition: (Key) -> Bool) {
        for key in places.keys.filter(condition) { remove(key) }
    }

    private mutating func unlink(_ place: Int) {
        guard let node = nodes[place] else { return }
        if node.newer != Self.none { nodes[node.newer]?.older = node.older } else { newest = node.older }
        if node.older != Self.none { nodes[node.older]?.newer = node.newer } else { oldest = node.newer }
    }

    private mutating func linkAsNewest(_ place: Int) {
        nodes[place]?.newer = Self.none
        nodes[place]?.older = newest
        if newest != Self.none { nodes[newest]?.newer = place } else { oldest = place }
        newest = place
    }
}
