/// The rows of one statement, all in memory.
public struct PostgresRows: Sendable, RandomAccessCollection {
    let handle: ResultHandle

    /// Always 0.
    public var startIndex: Int { 0 }
    /// The number of rows.
    public var endIndex: Int { handle.rowCount }
    /// The names of the columns, in order.
    public var columns: [String] { handle.columns }
    /// How many rows the statement selected, inserted, changed or deleted; 0 for others.
    public var affected: Int { handle.affected }

    /// The row at a position; a position out of range is a programming error and traps.
    public subscript(position: Int) -> PostgresRow {
        precondition(indices.contains(position), "row \(position) of \(count)")
        return PostgresRow(handle: handle, index: position)
    }
}

/// One row of a result.
public struct PostgresRow: Sendable {
    let handle: ResultHandle
    let index: Int

    /// Reads the column of that name (the first, if there are several). Ask for an optional where NULL may stand.
    /// - Throws: `PostgresError` with `.decoding`, naming column and type, never the value.
    public func get<T: PostgresDecodable>(_ column: String, as type: T.Type = T.self) throws -> T {
        guard let position = handle.columns.firstIndex(of: column) else {
            let names = handle.columns.joined(separator: ", ")
            throw PostgresError(.decoding, message: "no column \"\(column)\"; the result has: \(names)")
        }
        return try get(at: position)
    }

    /// Reads the column at a position, from 0.
    /// - Throws: `PostgresError` with `.decoding`.
    public func get<T: PostgresDecodable>(at column: Int, as type: T.Type = T.self) throws -> T {
        guard handle.columns.indices.contains(column) else {
            throw PostgresError(.decoding, message: "no column at \(column); the result has \(handle.columns.count)")
        }
        var isNull = false
        let value = handle.withCell(row: index, column: column) { cell in
            isNull = cell == nil
            return T.decodePostgres(cell)
        }
        if let value { return value }
        let found = isNull ? "NULL" : "something else"
        throw PostgresError(
            .decoding, message: "column \"\(handle.columns[column])\": expected \(T.self), found \(found)")
    }
}
