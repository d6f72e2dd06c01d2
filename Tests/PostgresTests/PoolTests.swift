import Postgres
import TestSupport
import Testing

@Suite struct PoolTests {
    @Test func twoHundredQueriesShareFourConnections() async throws {
        try await TestPostgres.with { database in
            try await database.withClient { client in
                let numbers = try await withThrowingTaskGroup(of: Int.self) { group in
                    for number in 0..<200 {
                        group.addTask {
                            let rows = try await client.query(
                                "SELECT current_setting('app.company_id')::int AS n, pg_sleep(0.002)",
                                settings: ["app.company_id": "\(number)"])
                            let found: Int = try rows.first?.get("n") ?? -1
                            #expect(found == number, "a setting or an answer went to another caller")
                            return found
                        }
                    }
                    return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
                }
                #expect(numbers == Set(0..<200))
                let statistics = client.statistics
                #expect(statistics.connectionsOpened == 4)
                #expect(statistics.leasedConnections == 0 && statistics.waitingCallers == 0)
            }
        }
    }

    @Test func waitingIsBounded() async throws {
        try await TestPostgres.with { database in
            try await database.withClient(configure: {
                ($0.poolSize, $0.waitTimeout) = (1, .milliseconds(200))
            }) { client in
                try await client.transaction { transaction in
                    _ = try await transaction.query("SELECT 1")
                    let start = ContinuousClock.now
                    let error = try await failure { try await client.query("SELECT 1") }
                    #expect(error.code == .poolTimeout && error.isUnavailable)
                    #expect(ContinuousClock.now - start >= .milliseconds(200))
                }
                _ = try await client.query("SELECT 1")
            }
        }
    }

    @Test func theQueueIsBounded() async throws {
        try await TestPostgres.with { database in
            try await database.withClient(configure: { ($0.poolSize, $0.queueLimit) = (1, 2) }) { client in
                try await client.transaction { transaction in
                    _ = try await transaction.query("SELECT 1")
                    let waiting = (0..<2).map { _ in Task { try await client.query("SELECT 1").count } }
                    try await eventually("two wait") { client.statistics.waitingCallers == 2 }
                    #expect(try await failure { try await client.query("SELECT 1") }.code == .poolTimeout)
                    for task in waiting { task.cancel() }
                    for task in waiting { #expect(try await failure { try await task.value }.code == .cancelled) }
                }
                #expect(client.statistics.waitingCallers == 0)
            }
        }
    }

    @Test func connectionsAreOpenedWhenNeeded() async throws {
        try await TestPostgres.with { database in
            try await database.withClient { client in
                #expect(client.statistics.connectionsOpened == 0)
                for _ in 0..<10 { _ = try await client.query("SELECT 1") }
                #expect(client.statistics.openConnections == 1)
            }
        }
    }

    @Test func shutDownEndsTheSessionsAndRefusesWork() async throws {
        try await TestPostgres.with { database in
            try await database.withClient { client in
                async let last = client.query("SELECT pg_sleep(0.3), 7 AS n")
                try await eventually("it runs") { client.statistics.leasedConnections == 1 }
                await client.shutdown()
                #expect(try await last.first?.get("n") == 7, "work under way is finished")
                #expect(client.statistics.openConnections == 0)
                #expect(try await failure { try await client.query("SELECT 1") }.isUnavailable)
                await client.shutdown()
            }
            try await database.withClient(owner: true) { other in
                let sessions: SQL =
                    "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                try await eventually("no session is left") { try await other.query(sessions).isEmpty }
            }
        }
    }
}
