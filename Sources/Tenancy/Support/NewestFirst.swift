import Foundation
import Postgres

extension PostgresClient {
    /// A page of a company's rows, newest first: by ids, which grow with time (UUIDv7, RFC 9562).
    /// - Parameters:
    ///   - table: its name gives the cursors theirs, so that one of another list is refused.
    ///   - filter: holds the company; read first.
    func newestFirst<Row>(
        _ columns: SQL, of table: String, where filter: SQL, _ page: PageRequest, _ scope: TenantScope,
        id: (Row) -> UUID, _ read: (PostgresRow) throws -> Row
    ) async throws -> Page<Row> {
        let list = table.replacing("_", with: "-")
        var filter = filter
        if let cursor = try page.place(list: list) { filter += " AND id < \(try cursor.id(0))" }
        let rows = try await query(
            """
            SELECT \(fragment: columns) FROM \(raw: table) WHERE \(fragment: filter)
            ORDER BY id DESC LIMIT \(page.limit + 1)
            """, settings: scope.settings)
        return Page(rows: try rows.map(read), limit: page.limit) {
            Cursor(list: list, values: [id($0).lowercased])
        }
    }
}
