import Postgres
import TestSupport
import Testing

@Suite struct MigratorTests {
    let steps = [
        Migration(version: 1, name: "tables", sql: "CREATE TABLE a (n int);\nCREATE TABLE b (n int);"),
        Migration(version: 2, name: "rows", sql: "INSERT INTO a VALUES (1); INSERT INTO b VALUES ('2') -- the end"),
    ]

    func withDatabase(_ body: (PostgresClient) async throws -> Void) async throws {
        try await TestPostgres.with { try await $0.withClient(owner: true, body) }
    }

    @Test func appliesWhatIsMissingAndSaysWhat() async throws {
        try await withDatabase { client in
            #expect(try await Migrator(client: client, folder: steps).status() == .init(database: 0, program: 2))
            #expect(try await Migrator(client: client, folder: [steps[0]]).migrate() == [steps[0]])
            #expect(try await Migrator(client: client, folder: steps).migrate() == [steps[1]])
            #expect(try await Migrator(client: client, folder: steps).migrate().isEmpty)
            #expect(try await Migrator(client: client, folder: steps).status() == .init(database: 2, program: 2))
            let rows = try await client.query(
                "SELECT version, name, checksum, applied_at FROM schema_version ORDER BY version")
            #expect(try rows.map { try $0.get("name", as: String.self) } == ["tables", "rows"])
            #expect(try rows.first?.get("checksum", as: String.self).utf8.count == 64)
        }
    }

    @Test func twoAtOnceApplyEachStepOnce() async throws {
        try await withDatabase { client in
            let applied = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<4 { group.addTask { try await Migrator(client: client, folder: steps).migrate().count } }
                return try await group.reduce(0, +)
            }
            #expect(applied == 2)
            #expect(try await client.query("SELECT n FROM a").count == 1)
        }
    }

    @Test func waitingForAnotherIsBounded() async throws {
        try await withDatabase { client in
            let slow = Migration(version: 1, name: "slow", sql: "SELECT pg_sleep(1.5)")
            async let first = Migrator(client: client, folder: [slow]).migrate()
            try await eventually("it holds the lock") {
                try await client.query(
                    "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
                ).count == 1
            }
            await #expect(throws: MigrationError.locked(.milliseconds(100))) {
                try await Migrator(client: client, folder: [slow], lockTimeout: .milliseconds(100)).migrate()
            }
            #expect(try await first.count == 1)
        }
    }

    @Test func aNewerDatabaseIsRefused() async throws {
        try await withDatabase { client in
            _ = try await Migrator(client: client, folder: steps).migrate()
            let older = Migrator(client: client, folder: [steps[0]])
            await #expect(throws: MigrationError.databaseIsNewer(database: 2, program: 1)) { try await older.migrate() }
            await #expect(throws: MigrationError.databaseIsNewer(database: 2, program: 1)) { try await older.status() }
        }
    }

    @Test func aChangedFileIsRefused() async throws {
        try await withDatabase { client in
            _ = try await Migrator(client: client, folder: [steps[0]]).migrate()
            var changed = steps
            changed[0].sql += " "
            await #expect(throws: MigrationError.changed(file: "0001_tables.sql")) {
                try await Migrator(client: client, folder: changed).migrate()
            }
            #expect(try await client.query("SELECT 1 FROM a").isEmpty, "nothing after it was applied")
        }
    }

    @Test func aFailingFileLeavesNothingOfItself() async throws {
        try await withDatabase { client in
            let bad = Migration(
                version: 2, name: "bad", sql: "CREATE TABLE c (n int); SELECT 1 / 0; CREATE TABLE d (n int)")
            do {
                _ = try await Migrator(client: client, folder: [steps[0], bad]).migrate()
                Issue.record("it was applied")
            } catch let error as MigrationError {
                #expect("\(error)".contains("0002_bad.sql") && "\(error)".contains("22012"))
            }
            #expect(try await client.query("SELECT to_regclass('c') IS NULL AS gone").first?.get("gone") == true)
            #expect(try await Migrator(client: client, folder: [steps[0], steps[1]]).migrate() == [steps[1]])
        }
    }

    @Test func aFileMustNotEndItsTransaction() async throws {
        try await withDatabase { client in
            let bad = Migration(version: 1, name: "bad", sql: "CREATE TABLE c (n int); COMMIT")
            await #expect(
                throws: MigrationError.badFile(
                    name: "0001_bad.sql", reason: "must not end the transaction that it runs in")
            ) {
                try await Migrator(client: client, folder: [bad]).migrate()
            }
        }
    }

    @Test func migratingStillWorksWithOneConnection() async throws {
        try await TestPostgres.with { database in
            try await database.withClient(owner: true, configure: { $0.poolSize = 1 }) { client in
                let applied = try await Migrator(client: client, folder: steps).migrate()
                #expect(applied.count == 2)
            }
        }
    }
}
