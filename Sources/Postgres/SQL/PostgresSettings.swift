/// Settings which hold for one transaction only: `["app.company_id": id]`. Row-level security reads them with
/// `current_setting`. After the transaction they read as an empty string, not as NULL.
public struct PostgresSettings: Sendable, ExpressibleByDictionaryLiteral {
    /// Name and value, in the order given.
    public private(set) var pairs: [(name: String, value: String)]

    /// Settings from a literal; `[:]` is none.
    public init(dictionaryLiteral elements: (String, String)...) {
        pairs = elements.map { (name: $0.0, value: $0.1) }
    }

    /// Whether there is none.
    public var isEmpty: Bool { pairs.isEmpty }

    /// Adds a setting, or replaces the value of the one with that name.
    public mutating func set(_ name: String, to value: String) {
        if let index = pairs.firstIndex(where: { $0.name == name }) {
            pairs[index].value = value
        } else {
            pairs.append((name: name, value: value))
        }
    }

    /// The one statement that makes them, transaction-local.
    var statement: SQL {
        let calls = pairs.map { pair -> SQL in "set_config(\(pair.name), \(pair.value), true)" }
        return "SELECT " + calls.joined(separator: ", ")
    }
}
