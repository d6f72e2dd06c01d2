import Foundation

extension UUID: PostgresEncodable, PostgresDecodable {
    /// Lower-case text.
    public var postgresValue: PostgresValue { .text(uuidString.lowercased()) }

    /// From the 36 characters that Postgres writes.
    public static func decodePostgres(_ cell: UnsafeBufferPointer<UInt8>?) -> UUID? {
        guard let cell, cell.count == 36 else { return nil }
        for dash in [8, 13, 18, 23] where cell[dash] != UInt8(ascii: "-") { return nil }
        guard let b = Hex.bytes(cell.filter { $0 != UInt8(ascii: "-") }), b.count == 16 else { return nil }
        return UUID(
            uuid: (
                b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]
            ))
    }
}
