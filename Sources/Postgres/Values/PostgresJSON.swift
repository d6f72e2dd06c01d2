/// JSON text for `json` and `jsonb`, as bytes that some JSON writer made. Postgres checks it; `\u0000` inside a string
/// is refused by `jsonb` (`.invalidText`).
public struct PostgresJSON: Sendable, Hashable, PostgresEncodable, PostgresDecodable {
    /// UTF-8 text.
    public var bytes: [UInt8]

    /// Wraps JSON text.
    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Wraps JSON text.
    public init(_ text: String) {
        bytes = Array(text.utf8)
    }

    /// The text as a string.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Text format.
    public var postgresValue: PostgresValue { .utf8(bytes) }

    /// Any text; nil for NULL.
    public static func decodePostgres(_ cell: UnsafeBufferPointer<UInt8>?) -> PostgresJSON? {
        cell.map { PostgresJSON(Array($0)) }
    }
}
