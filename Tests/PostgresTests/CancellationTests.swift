import Postgres
import TestSupport
import Testing

@Suite struct CancellationTests {
    @Test func aDeadlineStopsTheStatementOnTheServer() async throws {
        try await TestPostgres.with { database in
            try await database.withClient(configure: { $0.poolSize = 1 }) { client in
                for settings in [[:], ["app.company_id": "c"]] as [PostgresSettings] {
                    let start = ContinuousClock.now
                    let error = try await failure {
                        try await client.query("SELECT pg_sleep(30)", settings: settings, timeout: .milliseconds(150))
                    }
                    #expect(error.code == .timeout && error.isUnavailable)
                    #expect(ContinuousClock.now - start < .seconds(10))
                    _ = try await client.query("SELECT 1")
                }
                #expect(client.statistics.connectionsOpened == 1, "the connection was kept")
                let running: SQL =
                    "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(30)%' AND state = 'active' AND pid <> pg_backend_pid()"
                #expect(try await client.query(running).isEmpty)
            }
        }
    }

    @Test func aCancelledTaskLeavesThePoolWhole() async throws {
        try await TestPostgres.with { database in
            try await database.withClient(owner: true, configure: { $0.poolSize = 2 }) { client in
                try await client.script("CREATE TABLE t (n int)")
                let opened = client.statistics.connectionsOpened
                for round in 0..<10 {
                    let task = Task {
                        try await client.query(
                            "INSERT INTO t SELECT 1 FROM pg_sleep(30)", settings: ["app.company_id": "c"]
                        ).count
                    }
                    // Earlier and later: while waiting, while connecting, while running.
                    try await Task.sleep(for: .milliseconds(round * 5))
                    task.cancel()
                    #expect(try await failure { try await task.value }.code == .cancelled)
                }
                #expect(client.statistics.leasedConnections == 0)
                for _ in 0..<20 { #expect(try await client.query("SELECT n FROM t").isEmpty) }
                #expect(client.statistics.connectionsOpened <= opened + 2)
            }
        }
    }

    /// A cancel request that comes late must not hit the statement of the next borrower.
    @Test func aLateCancelHitsNobodyElse() async throws {
        try await TestPostgres.with { database in
            try await database.withClient(configure: { $0.poolSize = 1 }) { client in
                _ = try await client.query("SELECT 1")
                for round in 0..<150 {
                    let task = Task { try await client.query("SELECT pg_sleep(0.001)").count }
                    try await Task.sleep(for: .microseconds(300 + round * 10))
                    task.cancel()
                    async let next = client.query("SELECT pg_sleep(0.001), 1 AS n")
                    #expect(try await next.first?.get("n") == 1)
                    _ = try? await task.value
                }
            }
        }
    }

    @Test func aTransactionOfACancelledTaskIsRolledBack() async throws {
        try await TestPostgres.with { database in
            try await database.withClient(owner: true, configure: { $0.poolSize = 1 }) { client in
                try await client.script("CREATE TABLE t (n int)")
                let task = Task {
                    try await client.transaction { transaction in
                        _ = try await transaction.query("INSERT INTO t VALUES (1)")
                        // The closure does not look at cancellation itself.
                        while !Task.isCancelled { await Task.yield() }
                    }
                }
                try await eventually("it runs") { client.statistics.leasedConnections == 1 }
                task.cancel()
                #expect(try await failure { try await task.value }.code == .cancelled)
                #expect(try await client.query("SELECT 1 FROM t").isEmpty)
            }
        }
    }

    @Test func aCancelledTaskSendsNothing() async throws {
        try await TestPostgres.with { database in
            try await database.withClient { client in
                let task = Task {
                    while !Task.isCancelled { await Task.yield() }
                    return try await client.query("SELECT 1").count
                }
                task.cancel()
                let error = try await failure { try await task.value }
                #expect(error.code == .cancelled)
                #expect(client.statistics.roundTrips == 0)
            }
        }
    }
}
