import Foundation
import Postgres
import TestSupport
import Testing

/// Connections that are lost at the worst moment.
@Suite struct LossTests {
    /// Ends all other sessions of the role on this database.
    static let killOthers: SQL = """
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename = current_user
        """

    @Test func aKilledBackendIsAnErrorAndThenReplaced() async throws {
        try await TestPostgres.with { database in
            try await database.withClient { client in
                try await database.withClient { killer in
                    async let running = client.query("SELECT pg_sleep(30)")
                    try await eventually("the session is there") {
                        try await killer.query(
                            "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(30)%' AND datname = current_database() AND state = 'active'"
                        ).count == 1
                    }
                    _ = try await killer.query(Self.killOthers)
                    do {
                        _ = try await running
                        Issue.record("the query survived")
                    } catch let error as PostgresError {
                        #expect(error.code == .connection && error.isUnavailable && error.sqlState == "57P01")
                    }
                    #expect(try await client.query("SELECT 1").count == 1)
                }
            }
        }
    }

    @Test func connectionsKilledWhileIdleAreReplacedWithoutError() async throws {
        try await TestPostgres.with { database in
            try await database.withClient { client in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<4 { group.addTask { _ = try await client.query("SELECT pg_sleep(0.05)") } }
                    try await group.waitForAll()
                }
                #expect(client.statistics.openConnections == 4)
                try await database.withClient { _ = try await $0.query(Self.killOthers) }
                try await eventually("the client noticed") { client.statistics.openConnections == 0 }
                for _ in 0..<8 { _ = try await client.query("SELECT 1", settings: ["app.company_id": "c"]) }
            }
        }
    }

    @Test func aKilledTransactionIsOver() async throws {
        try await TestPostgres.with { database in
            try await database.withClient(owner: true) { client in
                try await client.script("CREATE TABLE t (n int)")
                try await database.withClient(owner: true) { killer in
                    let error = try await failure {
                        try await client.transaction { transaction in
                            _ = try await transaction.query("INSERT INTO t VALUES (1)")
                            _ = try await killer.query(Self.killOthers)
                            // Must not be sent on another connection, outside of the transaction.
                            _ = try await transaction.query("INSERT INTO t VALUES (2)")
                        }
                    }
                    #expect(error.code == .connection)
                }
                #expect(try await client.query("SELECT 1 FROM t").isEmpty)
            }
        }
    }

    func withSwallowedAnswer(
        to text: String, _ body: (PostgresClient) async throws -> Void
    ) async throws -> (error: PostgresError, rows: Int) {
        try await TestPostgres.with { database in
            try await database.withClient(owner: true) { direct in
                try await direct.script("CREATE TABLE t (n int)")
                let error = try await Proxy.with(database.ownerURL) { proxy, url in
                    try await PostgresClient.with(url: url, configure: { $0.preparedStatements = false }) { client in
                        _ = try await client.query("SELECT 0")
                        proxy.swallowAnswer(to: text)
                        let error = try await failure { try await body(client) }
                        _ = try await client.query("SELECT 0")
                        return error
                    }
                }
                return (error, try await direct.query("SELECT 1 FROM t").count)
            }
        }
    }

    @Test func aCommitWithoutAnswerIsUnknown() async throws {
        let single = try await withSwallowedAnswer(to: "COMMIT") { client in
            _ = try await client.query("INSERT INTO t VALUES (1)", settings: ["app.company_id": "c"])
        }
        #expect(single.error.code == .outcomeUnknown && !single.error.isUnavailable)
        #expect(single.rows == 1, "it was committed, and nobody could say so")
        let bare = try await withSwallowedAnswer(to: "INSERT") { client in
            _ = try await client.query("INSERT INTO t VALUES (1)")
        }
        #expect(bare.error.code == .outcomeUnknown && bare.rows == 1)
        let transaction = try await withSwallowedAnswer(to: "COMMIT") { client in
            try await client.transaction { _ = try await $0.query("INSERT INTO t VALUES (1)") }
        }
        #expect(transaction.error.code == .outcomeUnknown && transaction.rows == 1)
    }

    @Test func whatCannotHaveBeenCommittedIsNotUnknown() async throws {
        let read = try await withSwallowedAnswer(to: "COMMIT") { client in
            _ = try await client.query("SELECT n FROM t", settings: ["app.company_id": "c"])
        }
        #expect(read.error.code == .connection)
        let early = try await withSwallowedAnswer(to: "INSERT") { client in
            try await client.transaction { _ = try await $0.query("INSERT INTO t VALUES (1)") }
        }
        #expect(early.error.code == .connection && early.rows == 0)
    }
}
