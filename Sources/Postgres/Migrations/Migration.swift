/// One numbered step of the schema, from a file `0001_name.sql`.
public struct Migration: Sendable, Hashable {
    /// From 1, without gaps.
    public var version: Int
    /// What stands between the number and `.sql`.
    public var name: String
    /// The file's text. It runs in one transaction and must not end it.
    public var sql: String

    /// Makes a step.
    public init(version: Int, name: String, sql: String) {
        self.version = version
        self.name = name
        self.sql = sql
    }

    /// The file's name: `0001_name.sql`.
    public var fileName: String {
        let digits = String(version)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "_\(name).sql"
    }
}

/// Why migrations were not applied. Errors of Postgres itself come as `PostgresError`.
public enum MigrationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The folder cannot be read.
    case unreadable(folder: String)
    /// A file is not called `0001_name.sql`, or is not UTF-8.
    case badFile(name: String, reason: String)
    /// Numbers must be 1, 2, 3 … without gaps and without doubles.
    case badOrder(expected: Int, found: Int)
    /// The database has been migrated by a newer program.
    case databaseIsNewer(database: Int, program: Int)
    /// An applied file has been changed since.
    case changed(file: String)
    /// Another program migrates this database and did not finish in time.
    case locked(Duration)
    /// A statement of this file failed; the file was rolled back.
    case failed(file: String, PostgresError)

    /// What is wrong and what to do.
    public var description: String {
        switch self {
        case .unreadable(let folder): "the folder of migrations cannot be read: \(folder)"
        case .badFile(let name, let reason): "migration file \(name): \(reason)"
        case .badOrder(let expected, let found): "migration \(expected) is expected, \(found) was found"
        case .databaseIsNewer(let database, let program):
            "the database is at version \(database), this program knows versions up to \(program): use a newer program"
        case .changed(let file):
            "\(file) was applied and has been changed since: restore it, and put the change into a new file"
        case .locked(let time): "another program migrates this database and did not finish within \(time)"
        case .failed(let file, let error): "\(file) was rolled back: \(error)"
        }
    }
}
