import Crypto
import Foundation
public import JSON

/// A tool as a server describes it, within our bounds.
public struct MCPToolDefinition: Sendable, Hashable {
    /// Characters of a description; more are cut.
    public static let longestDescription = 4_000

    /// Its name on its server: 1 to 128 letters, digits, `_`, `-`, `.`.
    public let name: String
    /// What it does, in the server's words. Not to be trusted.
    public let description: String
    /// The JSON Schema of its arguments.
    public let inputSchema: JSONObject
    /// The server's hints, such as `readOnlyHint`. Not to be trusted.
    public let annotations: JSONObject
    /// The arguments which the server wants in headers too.
    public let mirrored: [MirroredArgument]

    /// Reads a member of the answer to `tools/list`.
    /// - Throws: ``MCPError`` of code `malformed` for one that cannot be used.
    public init(listed: JSONValue) throws(MCPError) {
        guard let name = listed["name"]?.stringValue, Self.isName(name) else {
            throw .malformed("has a tool without a name of 1 to 128 letters, digits, _ - .")
        }
        guard let schema = listed["inputSchema"]?.objectValue else { throw .malformed("has a tool without a schema") }
        self.name = name
        description = String(
            String.UnicodeScalarView(
                (listed["description"]?.stringValue ?? "").unicodeScalars.prefix(Self.longestDescription)))
        inputSchema = schema
        annotations = listed["annotations"]?.objectValue ?? [:]
        mirrored = try SchemaBounds.check(schema)
        guard annotations.encoded.count <= SchemaBounds.maximumBytes else {
            throw .malformed("has a tool with annotations that are too large")
        }
    }

    /// A definition that was checked when it was stored.
    /// - Throws: ``MCPError`` when the schema is out of bounds after all.
    public init(name: String, description: String, inputSchema: JSONObject, annotations: JSONObject) throws(MCPError) {
        self.name = name
        self.description = description
        self.inputSchema = inputSchema
        self.annotations = annotations
        mirrored = try SchemaBounds.check(inputSchema)
    }

    private static func isName(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }

    /// Whether the server says that it changes nothing.
    public var saysItOnlyReads: Bool { annotations["readOnlyHint"]?.boolValue == true }

    /// The SHA-256 of name, description, schema and annotations, as 64 hexadecimal digits. The order of members does not
    /// count; everything else does.
    public var hash: String {
        let whole: JSONValue = [
            "name": .string(name), "description": .string(description), "schema": .object(inputSchema),
            "annotations": .object(annotations),
        ]
        return SHA256.hash(data: whole.sorted.encoded).hex
    }
}

extension JSONValue {
    /// The same value with the members of its objects in the order of their names.
    var sorted: JSONValue {
        switch self {
        case .array(let elements): .array(elements.map(\.sorted))
        case .object(let members):
            .object(JSONObject(members.map { ($0.key, $0.value.sorted) }.sorted { $0.0 < $1.0 }))
        default: self
        }
    }
}
