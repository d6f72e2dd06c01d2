import Postgres
import TestSupport
import Testing

@Suite struct PreparedStatementTests {
    func prepared(_ client: PostgresClient) async throws -> Int {
        try await client.query("SELECT count(*) AS n FROM pg_prepared_statements").first?.get("n") ?? -1
    }

    @Test func theServerHoldsNoMoreThanTheCache() async throws {
        try await TestPostgres.with { database in
            try await database.withClient(configure: { ($0.poolSize, $0.statementCacheSize) = (1, 8) }) { client in
                for number in 0..<50 {
                    _ = try await client.query("SELECT \(raw: "\(number)")", settings: ["app.company_id": "c"])
                }
                #expect(try await prepared(client) <= 9)
                #expect(try await prepared(client) >= 4)
            }
        }
    }

    @Test func switchedOffMeansNone() async throws {
        try await TestPostgres.with { database in
            try await database.withClient(configure: { ($0.poolSize, $0.preparedStatements) = (1, false) }) { client in
                for _ in 0..<3 { _ = try await client.query("SELECT \(1)::int", settings: ["app.company_id": "c"]) }
                #expect(try await prepared(client) == 0)
            }
        }
    }

    @Test func aChangedTableIsNoError() async throws {
        try await TestPostgres.with { database in
            try await database.withClient(owner: true, configure: { $0.poolSize = 1 }) { client in
                try await client.script("CREATE TABLE t (a int); INSERT INTO t VALUES (1)")
                for settings in [[:], ["app.company_id": "c"]] as [PostgresSettings] {
                    _ = try await client.query("SELECT * FROM t", settings: settings)
                    _ = try await client.query("ALTER TABLE t ADD COLUMN b\(raw: "\(settings.pairs.count)") int")
                    let rows = try await client.query("SELECT * FROM t", settings: settings)
                    #expect(rows.columns.count == 2 + settings.pairs.count)
                }
            }
        }
    }

    @Test func aFailedStatementDoesNotSpoilTheCache() async throws {
        try await TestPostgres.with { database in
            try await database.withClient(configure: { $0.poolSize = 1 }) { client in
                for _ in 0..<3 {
                    let error = try await failure {
                        try await client.query("SELECT 1 / \(0)::int", settings: ["app.company_id": "c"])
                    }
                    #expect(error.sqlState == "22012")
                    let syntax = try await failure {
                        try await client.query("SELEC 1", settings: ["app.company_id": "c"])
                    }
                    #expect(syntax.sqlState == "42601")
                    let row = try await client.query("SELECT 1 AS n", settings: ["app.company_id": "c"]).first
                    #expect(try row?.get("n") == 1)
                }
                #expect(client.statistics.connectionsOpened == 1)
            }
        }
    }
}
