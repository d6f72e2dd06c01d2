import Mongo
import Redis

extension MongoClient {
    /// The server's version, such as `6.0.27`.
    ///
    /// - Throws: `MongoError`.
    func serverVersion() async throws -> String {
        try await database("admin").command(["buildInfo": 1]).string("version") ?? "unknown"
    }
}

extension MongoClient {
    /// For how many seconds a transaction may hold others up whose process is gone; nil when the login may not ask.
    func transactionLifetime() async -> Int? {
        try? await database("admin").command(["getParameter": 1, "transactionLifetimeLimitSeconds": 1])
            .int("transactionLifetimeLimitSeconds")
    }
}

extension RedisClient {
    /// The server's version, such as `7.0.15`.
    ///
    /// - Throws: `RedisError`.
    func serverVersion() async throws -> String {
        let info = try await send(["INFO", "server"]).string ?? ""
        let line = info.split(whereSeparator: \.isNewline).first { $0.hasPrefix("redis_version:") }
        return line.map { String($0.dropFirst("redis_version:".count)) } ?? "unknown"
    }
}
