import Foundation
import JSON

/// A request's body or query after its schema has accepted it: the getters need no checks of their own.
struct Input: Sendable {
    let object: JSONObject

    init(_ object: JSONObject = JSONObject()) { self.object = object }

    /// Whether the field was sent, be it as `null`.
    func has(_ name: String) -> Bool { object[name] != nil }
    func string(_ name: String) -> String? { object[name]?.stringValue }
    func integer(_ name: String) -> Int64? { object[name]?.integerValue }
    func number(_ name: String) -> Double? { object[name]?.numberValue }
    func flag(_ name: String) -> Bool? { object[name]?.boolValue }
    func members(_ name: String) -> JSONObject? { object[name]?.objectValue }
    func elements(_ name: String) -> [JSONValue]? { object[name]?.arrayValue }
    func strings(_ name: String) -> [String]? { elements(name)?.compactMap(\.stringValue) }
    func identifier(_ name: String) -> UUID? { string(name).flatMap { UUID(strict: $0) } }
    func time(_ name: String) -> Date? { string(name).flatMap { Timestamp.parse($0) } }
    /// The value unless it is absent or `null`.
    func value(_ name: String) -> JSONValue? { object[name].flatMap { $0.isNull ? nil : $0 } }
    /// The fields of an object inside.
    /// - Parameter field: the one that a text in the place of the object stands for (``Schema/orText(of:)``).
    func nested(_ name: String, orTextOf field: String? = nil) -> Input? {
        if let field, let text = string(name) { return Input([field: .string(text)]) }
        return members(name).map { Input($0) }
    }

    /// The text of a field that the schema requires.
    ///
    /// - Throws: ``Problem`` when the schema did not require it after all, which is a fault of ours.
    func required(_ name: String) throws(Problem) -> String {
        guard let text = string(name) else { throw .internalError }
        return text
    }

    /// The id in a field that the schema requires.
    func requiredIdentifier(_ name: String) throws(Problem) -> UUID {
        guard let id = identifier(name) else { throw .internalError }
        return id
    }
}
