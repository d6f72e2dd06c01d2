/// The members of a JSON object in the order they were written, each key once.
///
/// Look-up is a linear scan: objects here have a handful of members, and a scan of a small array beats hashing.
public struct JSONObject: Sendable, Sequence, ExpressibleByDictionaryLiteral {
    /// One member.
    public typealias Member = (key: String, value: JSONValue)

    @usableFromInline var members: [Member]

    /// An empty object.
    public init() { members = [] }

    /// An object of these members; of a repeated key the last value stays, at the first one's place.
    public init(_ members: some Sequence<(String, JSONValue)>) {
        self.members = []
        for (key, value) in members { self[key] = value }
    }

    /// An object of these members; of a repeated key the last value stays.
    public init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }

    /// An object of members known to have distinct keys.
    init(distinct members: [Member]) { self.members = members }

    /// The value under `key`. Setting `nil` removes the member.
    public subscript(key: String) -> JSONValue? {
        get { members.first { $0.key == key }?.value }
        set {
            let place = members.firstIndex { $0.key == key }
            switch (place, newValue) {
            case (let place?, let value?): members[place].value = value
            case (let place?, nil): members.remove(at: place)
            case (nil, let value?): members.append((key, value))
            case (nil, nil): break
            }
        }
    }

    /// How many members there are.
    public var count: Int { members.count }
    /// Whether there are none.
    public var isEmpty: Bool { members.isEmpty }
    /// The keys in order.
    public var keys: [String] { members.map(\.key) }

    /// The members in order.
    public func makeIterator() -> IndexingIterator<[Member]> { members.makeIterator() }

    /// This object with the members of `patch` laid over it as RFC 7396 (JSON merge patch) says: `null` removes,
    /// objects merge, everything else replaces.
    public func merged(with patch: JSONObject) -> JSONObject {
        var result = self
        for (key, value) in patch {
            switch (result[key], value) {
            case (_, .null): result[key] = nil
            case (.object(let old)?, .object(let new)): result[key] = .object(old.merged(with: new))
            case (_, .object(let new)): result[key] = .object(JSONObject().merged(with: new))
            default: result[key] = value
            }
        }
        return result
    }
}

extension JSONObject: Hashable {
    /// Equal when both have the same members, in whatever order.
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.count == right.count && left.members.allSatisfy { right[$0.key] == $0.value }
    }

    /// Feeds the members into `hasher`, independent of their order.
    public func hash(into hasher: inout Hasher) {
        var mixed = 0
        for (key, value) in members {
            var member = Hasher()
            member.combine(key)
            member.combine(value)
            mixed ^= member.finalize()
        }
        hasher.combine(mixed)
    }
}
