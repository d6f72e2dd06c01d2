import Foundation
import Postgres
import TestSupport
import Testing

/// How often the client speaks and listens, counted on the wire.
@Suite struct RoundTripTests {
    func counted(prepared: Bool = true, _ body: (PostgresClient, () -> Int) async throws -> Void) async throws {
        try await TestPostgres.with { database in
            try await Proxy.with(database.runtimeURL) { proxy, url in
                try await PostgresClient.with(url: url, configure: { $0.preparedStatements = prepared }) { client in
                    _ = try await client.query("SELECT 1")
                    try await body(client) { proxy.roundTrips }
                }
            }
        }
    }

    @Test(arguments: [true, false]) func aTenantStatementIsOne(prepared: Bool) async throws {
        try await counted(prepared: prepared) { client, trips in
            for number in 1...5 {
                let (before, counted) = (trips(), client.statistics.roundTrips)
                let rows = try await client.query(
                    "SELECT current_setting('app.company_id') AS company, \(number)::int AS n",
                    settings: ["app.company_id": "c\(number)"])
                #expect(try rows.first?.get("company") == "c\(number)")
                #expect(trips() - before == 1)
                #expect(client.statistics.roundTrips - counted == 1)
            }
        }
    }

    @Test func aTransactionBringsItsBeginningWithTheFirstStatement() async throws {
        try await counted { client, trips in
            let before = trips()
            try await client.transaction(settings: ["app.company_id": "c"]) { transaction in
                _ = try await transaction.query("SELECT 1")
                _ = try await transaction.query("SELECT 2")
            }
            #expect(trips() - before == 3, "two statements and the commit")
        }
    }

    @Test func aTransactionWithoutStatementIsNone() async throws {
        try await counted { client, trips in
            let before = trips()
            try await client.transaction(settings: ["app.company_id": "c"]) { _ in }
            #expect(trips() == before)
        }
    }

    @Test func bigStatementsDoNotDeadlock() async throws {
        try await TestPostgres.with { database in
            try await database.withClient { client in
                // Far more than the socket's buffers, in both directions at a time.
                let text = String(repeating: "x", count: 8_000_000)
                let row = try await client.query("SELECT \(text)::text AS t", settings: ["app.company_id": "c"]).first
                #expect(try row?.get("t", as: String.self).utf8.count == 8_000_000)
            }
        }
    }
}
