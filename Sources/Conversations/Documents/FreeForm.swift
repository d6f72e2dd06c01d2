import JSON
import Mongo

/// Free-form JSON as MongoDB keeps it, without loss.
///
/// Ordinary JSON becomes the same tree in BSON, readable with any tool. An object with a key that MongoDB might
/// interpret or cannot keep (empty, beginning with `$`, with `.` or NUL inside), and whatever is nested deeper than
/// ``maximumDepth``, is kept as JSON text in a binary value. JSON itself has no binary values, so that reading back is
/// unambiguous.
enum FreeForm {
    /// Levels of BSON; MongoDB allows 100 in a document.
    static let maximumDepth = 48

    static func bson(_ value: JSONValue, depth: Int = 0) -> BSONValue {
        switch value {
        case .null: .null
        case .bool(let flag): .bool(flag)
        case .integer(let number): .int64(number)
        case .number(let number): .double(number)
        case .string(let text): .string(text)
        case .array(let elements):
            depth < maximumDepth ? .array(elements.map { bson($0, depth: depth + 1) }) : .binary(value.encoded)
        case .object(let members): bson(members, depth: depth)
        }
    }

    static func bson(_ members: JSONObject, depth: Int = 0) -> BSONValue {
        guard depth < maximumDepth, members.allSatisfy({ isOrdinary($0.key) }) else { return .binary(members.encoded) }
        return .document(
            BSONDocument { writer in
                for (key, value) in members { writer.append(key, bson(value, depth: depth + 1)) }
            })
    }

    static func json(_ value: BSONValue) -> JSONValue {
        switch value {
        case .bool(let flag): .bool(flag)
        case .int32(let number): .integer(Int64(number))
        case .int64(let number): .integer(number)
        case .double(let number): .number(number)
        case .string(let text): .string(text)
        case .array(let elements): .array(elements.map(json))
        case .document(let document): .object(object(document))
        case .binary(let text): (try? JSONValue.parse(text, maximumDepth: 512)) ?? .null
        // Other programs' documents may hold these.
        case .date(let date): .string(Timestamp.string(date))
        case .uuid(let id): .string(id.lowercased)
        default: .null
        }
    }

    static func object(_ document: BSONDocument) -> JSONObject {
        var members = JSONObject()
        for (key, value) in document { members[key] = json(value) }
        return members
    }

    private static func isOrdinary(_ key: String) -> Bool {
        !key.isEmpty && !key.utf8.contains { $0 == UInt8(ascii: ".") || $0 == 0 } && key.utf8.first != UInt8(ascii: "$")
    }
}
