import JSON
import Mongo
import Postgres
import Redis

/// Asks the stores how they are, each within a bound.
struct Health: Sendable {
    /// One store's state.
    struct Check: Sendable, JSONEncodable {
        let name: String
        let isRequired: Bool
        let latency: Duration?
        let failure: String?

        var isUp: Bool { latency != nil }

        func encode(into writer: inout JSONWriter) {
            writer.object { writer in
                writer.field("status", isUp ? "ok" : "down")
                writer.field("latencyMs", latency.map { ($0.milliseconds * 100).rounded() / 100 })
            }
        }
    }

    let postgres: PostgresClient
    let mongo: MongoClient
    let redis: RedisClient

    /// The state of all three; Redis is not required, since messages are accepted without it.
    func checks() async -> [Check] {
        async let postgres = check("postgres", required: true) { [self] in try await self.postgres.ping() }
        async let mongo = check("mongodb", required: true) { [self] in try await self.mongo.ping() }
        async let redis = check("redis", required: false) { [self] in try await self.redis.ping() }
        return await [postgres, mongo, redis]
    }

    private func check(
        _ name: String, required: Bool, _ ping: @escaping @Sendable () async throws -> Duration
    ) async -> Check {
        do {
            return Check(name: name, isRequired: required, latency: try await ping(), failure: nil)
        } catch {
            return Check(name: name, isRequired: required, latency: nil, failure: "\(error)")
        }
    }
}

/// The state of the service as `/api/health` shows it.
struct HealthReport: JSONEncodable {
    let version: String
    let checks: [Health.Check]

    var isUp: Bool { checks.allSatisfy { $0.isUp || !$0.isRequired } }

    private var status: String { !isUp ? "down" : checks.allSatisfy(\.isUp) ? "ok" : "degraded" }

    func encode(into writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("status", status)
            writer.field("version", version)
            writer.field("checks", object: { writer in for check in checks { writer.field(key: check.name, check) } })
        }
    }
}
