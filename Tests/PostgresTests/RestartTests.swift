import Foundation
import Postgres
import TestSupport
import Testing

/// A server that is stopped, killed and started again under a client.
@Suite struct RestartTests {
    @Test func theClientComesBackByItself() async throws {
        try await OwnPostgres.with { server in
            try await PostgresClient.with(url: server.url, configure: { $0.connectTimeout = .seconds(2) }) { client in
                try await eventually("it answers") { (try? await client.ping()) != nil }
                _ = try await client.query("CREATE TABLE t (n int)")
                for way in ["stop", "kill"] {
                    if way == "stop" { await server.stop() } else { await server.kill() }
                    let start = ContinuousClock.now
                    let error = try await failure { try await client.query("SELECT 1 FROM t") }
                    #expect(error.isUnavailable, "\(way): \(error)")
                    #expect(ContinuousClock.now - start < .seconds(20), "away is an answer, not a hang")
                    try await server.start()
                    try await eventually("it is back after \(way)") { (try? await client.ping()) != nil }
                    #expect(try await client.query("SELECT 1 FROM t").isEmpty)
                }
            }
        }
    }

    /// Cancel requests are not answered either: the connection is given up, in bounded time, and what was sent to be
    /// committed is unknown.
    @Test func aServerThatTakesNoCancelRequestIsGivenUp() async throws {
        try await OwnPostgres.with { server in
            try await PostgresClient.with(url: server.url, configure: { $0.connectTimeout = .seconds(2) }) { client in
                try await eventually("it answers") { (try? await client.ping()) != nil }
                for (sql, code) in [
                    ("SELECT pg_sleep(60)", PostgresError.Code.timeout),
                    ("DO $$ BEGIN PERFORM pg_sleep(60); END $$", .outcomeUnknown),
                ] {
                    _ = try await client.query("SELECT 1")
                    server.freeze()
                    let start = ContinuousClock.now
                    let error = try await failure {
                        try await client.query(SQL(raw: sql), settings: ["app.a": "b"], timeout: .milliseconds(200))
                    }
                    #expect(error.code == code)
                    #expect(ContinuousClock.now - start < .seconds(20))
                    #expect(client.statistics.openConnections == 0)
                    server.thaw()
                    try await eventually("it answers again") { (try? await client.ping()) != nil }
                }
            }
        }
    }

    /// Listens and never says a word.
    @Test func connectingIsBounded() async throws {
        try await SilentServer.with { port in
            try await PostgresClient.with(
                url: "postgres://user:hunter22@127.0.0.1:\(port)/db",
                configure: { $0.connectTimeout = .milliseconds(300) }
            ) { client in
                let start = ContinuousClock.now
                let error = try await failure { try await client.query("SELECT 1") }
                #expect(error.code == .connection && !error.message.contains("hunter22"))
                #expect(ContinuousClock.now - start < .seconds(20))
                let task = Task { try await client.query("SELECT 1").count }
                task.cancel()
                #expect(try await failure { try await task.value }.code == .cancelled)
            }
        }
    }
}

/// Takes connections and never answers.
enum SilentServer {
    static func with(_ body: (Int) async throws -> Void) async throws {
        let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(file) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(file, generic, length) == 0 && listen(file, 16) == 0 && getsockname(file, generic, &length) == 0
            }
        }
        guard isBound else { throw POSIXError(.EADDRNOTAVAIL) }
        try await body(Int(UInt16(bigEndian: address.sin_port)))
    }
}
