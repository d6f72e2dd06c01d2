/// Brings a database to the newest version: applies the steps it lacks, each in a transaction of its own, one program at
/// a time. Connect it as the owner of the schema, directly and not through a pooler, because it holds a session lock.
public struct Migrator: Sendable {
    /// Where the program and the database stand.
    public struct Status: Sendable, Hashable {
        /// The newest version applied; 0 for an empty database.
        public var database: Int
        /// The newest version the program knows.
        public var program: Int

        /// Makes a status, as `Migrator.status()` does.
        public init(database: Int, program: Int) {
            self.database = database
            self.program = program
        }
    }

    /// Two programs that migrate the same database use the same lock.
    private static let lock = 7_312_025_114

    private let client: PostgresClient
    private let migrations: [Migration]
    private let lockTimeout: Duration
    private let statementTimeout: Duration

    /// Makes a migrator for all steps of a folder (see `Migration.load`).
    /// - Parameters:
    ///   - lockTimeout: how long to wait while another program migrates.
    ///   - statementTimeout: how long one file may take.
    public init(
        client: PostgresClient, folder migrations: [Migration], lockTimeout: Duration = .seconds(60),
        statementTimeout: Duration = .seconds(600)
    ) {
        self.client = client
        self.migrations = migrations
        self.lockTimeout = lockTimeout
        self.statementTimeout = statementTimeout
    }

    /// Applies what is missing, in order, and returns it. What was applied before an error stays.
    /// - Throws: `MigrationError`, or `PostgresError`.
    public func migrate() async throws -> [Migration] {
        try Migration.checkOrder(migrations)
        return try await client.withConnection { connection in
            try await lock(connection)
            try await createTable(connection)
            let missing = try await check(connection)
            for migration in missing { try await apply(migration, connection) }
            return missing
        }
    }

    /// Compares program and database without changing anything.
    /// - Throws: `MigrationError` when the database is newer or an applied file has been changed; `PostgresError`.
    public func status() async throws -> Status {
        try await client.withConnection { connection in
            let program = migrations.last?.version ?? 0
            let table = try await connection.query("SELECT to_regclass('public.schema_version') IS NOT NULL")
            guard try table.first?.get(at: 0) ?? false else { return Status(database: 0, program: program) }
            return Status(database: program - (try await check(connection)).count, program: program)
        }
    }

    private func lock(_ connection: PostgresConnection) async throws {
        do {
            _ = try await connection.query("SELECT pg_advisory_lock(\(Self.lock))", timeout: lockTimeout)
        } catch let error as PostgresError where error.code == .timeout {
            throw MigrationError.locked(lockTimeout)
        }
    }

    private func createTable(_ connection: PostgresConnection) async throws {
        _ = try await connection.query(
            """
            CREATE TABLE IF NOT EXISTS public.schema_version (
                version int PRIMARY KEY, name text NOT NULL, checksum text NOT NULL,
                applied_at timestamptz NOT NULL DEFAULT now())
            """)
    }

    /// The steps that are missing, after those that are there were compared.
    private func check(_ connection: PostgresConnection) async throws -> [Migration] {
        let rows = try await connection.query("SELECT version, checksum FROM public.schema_version ORDER BY version")
        let newest = try rows.last?.get("version", as: Int.self) ?? 0
        let known = migrations.last?.version ?? 0
        if newest > known { throw MigrationError.databaseIsNewer(database: newest, program: known) }
        var missing: [Migration] = []
        for migration in migrations {
            let row = try rows.first { try $0.get("version", as: Int.self) == migration.version }
            guard let row else {
                missing.append(migration)
                continue
            }
            if try await checksum(migration, connection) != row.get("checksum", as: String.self) {
                throw MigrationError.changed(file: migration.fileName)
            }
        }
        return missing
    }

    private func apply(_ migration: Migration, _ connection: PostgresConnection) async throws {
        do {
            _ = try await connection.query("BEGIN")
            try await connection.script(migration.sql, timeout: statementTimeout)
            // Fails unless the transaction is still open.
            _ = try await connection.query("SAVEPOINT migrated")
            _ = try await connection.query(
                """
                INSERT INTO public.schema_version (version, name, checksum)
                VALUES (\(migration.version), \(migration.name), \(try await checksum(migration, connection)))
                """)
            _ = try await connection.query("COMMIT")
        } catch let error as PostgresError {
            _ = try? await connection.query("ROLLBACK")
            if error.code == .outcomeUnknown { throw error }
            if error.sqlState == "25P01" {
                throw MigrationError.badFile(
                    name: migration.fileName, reason: "must not end the transaction that it runs in")
            }
            throw MigrationError.failed(file: migration.fileName, error)
        }
    }

    /// SHA-256 of the text, computed by the server.
    private func checksum(_ migration: Migration, _ connection: PostgresConnection) async throws -> String {
        let bytes = Array(migration.sql.utf8)
        let rows = try await connection.query("SELECT encode(sha256(\(bytes)::bytea), 'hex') AS checksum")
        guard let row = rows.first else { throw PostgresError(.decoding, message: "no checksum") }
        return try row.get("checksum")
    }
}
