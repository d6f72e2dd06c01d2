import JSON
import Tenancy

extension Input {
    /// A change to a field that always has a value: kept when it was not sent.
    func change<Value>(_ name: String, _ read: (Input) -> (String) -> Value?) -> FieldChange<Value> {
        read(self)(name).map { .set($0) } ?? .keep
    }

    /// A change to a field that may be empty: kept when it was not sent, emptied by `null`.
    func optionalChange<Value>(_ name: String, _ read: (Input) -> (String) -> Value?) -> FieldChange<Value?> {
        has(name) ? .set(read(self)(name)) : .keep
    }

    /// The word of an enumeration, which the schema has checked.
    func word<Word: RawRepresentable>(_ name: String, as type: Word.Type = Word.self) -> Word?
    where Word.RawValue == String {
        string(name).flatMap { Word(rawValue: $0) }
    }
}
