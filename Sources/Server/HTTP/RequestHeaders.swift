import HTTPTypes
import NIOHTTP1

/// The headers of a request as they came.
struct RequestHeaders: Sendable {
    private let fields: HTTPHeaders

    init(_ fields: HTTPHeaders) { self.fields = fields }

    /// The value of a header; of one that came several times, the list of its values (RFC 9110 section 5.3).
    subscript(name: HTTPField.Name) -> String? {
        var found: String?
        for field in fields where Self.isSame(field.name, name.canonicalName) {
            found = found.map { $0 + (name == .cookie ? "; " : ", ") + field.value } ?? field.value
        }
        return found
    }

    /// The values of a header, one for each time that it came.
    subscript(values name: HTTPField.Name) -> [String] {
        fields.filter { Self.isSame($0.name, name.canonicalName) }.map(\.value)
    }

    /// Whether `name` is this one, which is written in lower case.
    private static func isSame(_ name: String, _ canonical: String) -> Bool {
        guard name.utf8.count == canonical.utf8.count else { return false }
        return name.utf8.elementsEqual(canonical.utf8) { byte, lower in
            byte == lower || ((0x41...0x5A).contains(byte) && byte | 0x20 == lower)
        }
    }
}
