import ArgumentParser
import Foundation
import Logging
import Tenancy

/// `switchboard check`
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Connect to all three stores and say how they are; exit 1 if one fails.")

    /// Seconds; what nobody who waits would notice as an outage.
    private static let longestTransaction = 15

    func run() async throws {
        let settings = try await CommandStart.settings()
        let stores = try Stores(settings.stores, logger: Logger(label: "switchboard.check"))
        var failed = false
        func report(_ name: String, _ version: () async throws -> String, _ ping: () async throws -> Duration) async {
            do {
                let latency = try await ping()
                print("\(name): ok, version \(try await version()), \(String(format: "%.1f", latency.milliseconds)) ms")
            } catch {
                failed = true
                print("\(name): FAILED, \(error)")
            }
        }
        await report("postgres", stores.postgres.serverVersion, stores.postgres.ping)
        await report("mongodb", stores.mongo.serverVersion, stores.mongo.ping)
        await report("redis", stores.redis.serverVersion, stores.redis.ping)
        if !failed, let seconds = await stores.mongo.transactionLifetime(), seconds > Self.longestTransaction {
            print(
                "mongodb: note, a worker that is killed may hold up one conversation for \(seconds) s; set "
                    + "transactionLifetimeLimitSeconds to 5")
        }
        if !failed {
            for finding in try await SchemaAudit(stores.postgres).run() {
                failed = true
                print("postgres: UNSAFE, \(finding)")
            }
        }
        await stores.shutdown()
        if failed { throw ExitCode(1) }
    }
}
