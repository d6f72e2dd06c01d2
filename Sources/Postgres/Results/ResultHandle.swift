internal import CLibpq

/// Owns one `PGresult`, which does not depend on its connection.
// @unchecked: libpq never changes a finished result, and its read-only functions may be called from any thread.
final class ResultHandle: @unchecked Sendable {
    private let result: OpaquePointer
    let columns: [String]
    let rowCount: Int
    let affected: Int
    /// What the server calls the statement it ran: `INSERT 0 1`, `COMMIT`, `ROLLBACK`.
    let command: String

    /// Takes ownership: the result is cleared with this object.
    init(owning result: OpaquePointer) {
        self.result = result
        rowCount = Int(PQntuples(result))
        columns = (0..<PQnfields(result)).map { PQfname(result, $0).map { String(cString: $0) } ?? "" }
        affected = PQcmdTuples(result).flatMap { Int(String(cString: $0)) } ?? 0
        command = PQcmdStatus(result).map { String(cString: $0) } ?? ""
    }

    deinit {
        PQclear(result)
    }

    /// The error that this result is.
    var error: PostgresError { PostgresError(result: result) }

    /// Lends the bytes of a cell, nil for NULL. The caller keeps row and column within bounds.
    func withCell<T>(row: Int, column: Int, _ body: (UnsafeBufferPointer<UInt8>?) -> T) -> T {
        let (row, column) = (Int32(row), Int32(column))
        guard PQgetisnull(result, row, column) == 0, let start = PQgetvalue(result, row, column) else {
            return body(nil)
        }
        let count = Int(PQgetlength(result, row, column))
        return start.withMemoryRebound(to: UInt8.self, capacity: count) {
            body(UnsafeBufferPointer(start: $0, count: count))
        }
    }
}
