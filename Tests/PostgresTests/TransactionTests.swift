import Postgres
import TestSupport
import Testing

@Suite struct TransactionTests {
    struct Stop: Error {}

    func withTable(_ body: (PostgresClient) async throws -> Void) async throws {
        try await TestPostgres.with { database in
            try await database.withClient(owner: true, configure: { $0.poolSize = 1 }) { client in
                try await client.script("CREATE TABLE t (n int UNIQUE)")
                try await body(client)
            }
        }
    }

    func count(_ client: PostgresClient) async throws -> Int {
        try await client.query("SELECT n FROM t").count
    }

    @Test func isCommittedWhenTheClosureReturns() async throws {
        try await withTable { client in
            let value = try await client.transaction { transaction in
                _ = try await transaction.query("INSERT INTO t VALUES (1)")
                return try await transaction.query("INSERT INTO t VALUES (2)").affected
            }
            #expect(value == 1)
            #expect(try await count(client) == 2)
        }
    }

    @Test func isRolledBackWhenTheClosureThrows() async throws {
        try await withTable { client async throws in
            await #expect(throws: Stop.self) {
                try await client.transaction { transaction in
                    _ = try await transaction.query("INSERT INTO t VALUES (1)")
                    throw Stop()
                }
            }
            #expect(try await count(client) == 0)
        }
    }

    @Test func anErrorThatWasSwallowedStillRollsBack() async throws {
        try await withTable { client in
            let error = try await failure {
                try await client.transaction { transaction in
                    _ = try await transaction.query("INSERT INTO t VALUES (1)")
                    _ = try? await transaction.query("INSERT INTO t VALUES (1)")
                    let second = try await failure { try await transaction.query("INSERT INTO t VALUES (2)") }
                    #expect(second.code == .uniqueViolation, "the first error is told again")
                }
            }
            #expect(error.code == .uniqueViolation)
            #expect(try await count(client) == 0)
        }
    }

    @Test func itsSettingsHoldInEachStatementAndNoLonger() async throws {
        try await withTable { client in
            let read: SQL = "SELECT current_setting('app.company_id', true) AS company"
            try await client.transaction(settings: ["app.company_id": "c1"]) { transaction async throws in
                for _ in 0..<2 {
                    #expect(try await transaction.query(read).first?.get("company") == "c1")
                }
            }
            // The same connection: there is only one.
            #expect(try await client.query(read).first?.get("company") == "")
            _ = try? await client.query("SELECT 1/0", settings: ["app.company_id": "c2"])
            #expect(try await client.query(read).first?.get("company") == "")
            _ = try await client.query(read, settings: ["app.company_id": "c3"])
            #expect(try await client.query(read).first?.get("company") == "")
            #expect(client.statistics.connectionsOpened == 2, "the script's connection was replaced by one")
        }
    }

    @Test func textThatCannotBeSentDoesNotHarmIt() async throws {
        try await withTable { client in
            try await client.transaction { transaction in
                #expect(try await failure { try await transaction.query("SELECT \("\0")") }.code == .invalidText)
                _ = try await transaction.query("INSERT INTO t VALUES (1)")
                #expect(try await failure { try await transaction.query("SELECT \("\0")") }.code == .invalidText)
            }
            #expect(try await count(client) == 1)
        }
    }

    @Test func cannotBeUsedAfterItsEnd() async throws {
        try await withTable { client in
            let leaked = try await client.transaction { $0 }
            #expect(try await failure { try await leaked.query("SELECT 1") }.code == .usage)
        }
    }

    @Test func aBareBeginIsNotLeftForTheNext() async throws {
        try await withTable { client in
            _ = try await client.query("BEGIN")
            _ = try await client.query("INSERT INTO t VALUES (1)")
            let row = try await client.query("SELECT pg_current_xact_id_if_assigned() IS NULL AS fresh").first
            #expect(try row?.get("fresh") == true)
            #expect(try await count(client) == 1)
        }
    }

    @Test func aSessionsStateDoesNotReachTheNextBorrower() async throws {
        try await withTable { client in
            try await client.withConnection { connection in
                _ = try await connection.query("SET app.company_id = 'leak'")
                _ = try await connection.query("BEGIN")
                _ = try await connection.query("INSERT INTO t VALUES (1)")
            }
            let row = try await client.query("SELECT current_setting('app.company_id', true) AS company").first
            #expect(try row?.get("company", as: String?.self) == nil)
            #expect(try await count(client) == 0)
        }
    }
}
