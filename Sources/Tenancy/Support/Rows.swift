import Foundation
import JSON
import Postgres

extension PostgresRow {
    /// A `jsonb` column that holds an object.
    func object(_ column: String) throws -> JSONObject {
        guard let object = try json(column).objectValue else {
            throw PostgresError(.decoding, message: "column \"\(column)\": expected a JSON object")
        }
        return object
    }

    /// A `jsonb` column.
    func json(_ column: String) throws -> JSONValue {
        let text = try get(column, as: PostgresJSON.self)
        do {
            return try JSONValue.parse(text.bytes, maximumDepth: 512)
        } catch {
            throw PostgresError(.decoding, message: "column \"\(column)\": not JSON")
        }
    }
}

extension PostgresRows {
    /// The first row of a statement that always returns one.
    func one() throws -> PostgresRow {
        guard let row = first else { throw PostgresError(.decoding, message: "the statement returned no row") }
        return row
    }
}

extension JSONObject {
    /// As a parameter of a `jsonb` column.
    var postgres: PostgresJSON { PostgresJSON(encoded) }
}

/// Runs `body`, and turns the violation of a named unique constraint into what the caller is told.
func translating<T>(
    _ conflicts: [String: StoreConflict], _ body: () async throws -> T
) async throws -> T {
    do {
        return try await body()
    } catch let error as PostgresError where error.code == .uniqueViolation {
        if let conflict = error.constraint.flatMap({ conflicts[$0] }) { throw conflict }
        throw error
    }
}

/// Runs the insert of a row whose id was chosen before, for a request that may be carried out again after a crash: when
/// the row is there already, it is what the first run made.
func once<T>(
    _ id: UUID?, primaryKey: String, existing: (UUID) async throws -> T?, _ insert: () async throws -> T
) async throws -> T {
    do {
        return try await insert()
    } catch  where (error as? PostgresError)?.constraint == primaryKey || error is QuotaExceeded {
        // The first run's row may be the one that reached the quota.
        guard let id, let made = try await existing(id) else { throw error }
        return made
    }
}

/// Compares `If-Match` with what is stored.
func require(_ expected: Int?, toBe current: Int) throws(VersionMismatch) {
    if let expected, expected != current { throw VersionMismatch(current: current) }
}
