import Foundation
import JSON

/// A place in a list: what the list is sorted by, taken from the last item seen. Opaque to callers, who get it as
/// base64url. It stays valid while rows come and go, because it names values and not a position.
public struct Cursor: Sendable, Hashable {
    /// Which list it belongs to; a cursor of another list is refused.
    public let list: String
    /// The sort values in order.
    public let values: [String]

    /// A place in `list`.
    public init(list: String, values: [String]) {
        self.list = list
        self.values = values
    }

    /// The opaque text.
    public var text: String { Base64URL.encode(([list] + values).encoded) }

    /// Reads `text` as a cursor of `list` with `count` values.
    /// - Throws: ``InvalidFields`` naming `cursor` when it is anything else.
    public init(_ text: String, list: String, count: Int) throws(InvalidFields) {
        let invalid = InvalidFields("cursor", "invalid", "is not a cursor of this list; use nextCursor as it was given")
        guard text.utf8.count <= 1024, let bytes = Base64URL.decode(text), let value = try? JSONValue.parse(bytes),
            let parts = value.arrayValue?.compactMap(\.stringValue), parts.count == count + 1, parts[0] == list
        else { throw invalid }
        self.list = list
        values = Array(parts.dropFirst())
    }

    /// The value at `index` as an id.
    /// - Throws: ``InvalidFields`` naming `cursor`.
    func id(_ index: Int) throws(InvalidFields) -> UUID {
        guard let id = UUID(strict: values[index]) else { throw InvalidFields("cursor", "invalid", "is not a cursor") }
        return id
    }
}

extension PageRequest {
    /// The cursor as one of `list` with `count` values; `nil` for the first page.
    func place(list: String, count: Int = 1) throws(InvalidFields) -> Cursor? {
        guard let cursor else { return nil }
        return try Cursor(cursor, list: list, count: count)
    }
}
