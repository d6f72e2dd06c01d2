import ArgumentParser
import Logging

/// `switchboard migrate`
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate", abstract: "Bring the schemas of Postgres and MongoDB up to date.",
        discussion: "Connects with DIRECT_URL. Safe to run again, and from several machines at once.")

    func run() async throws {
        let settings = try await CommandStart.settings()
        let applied = try await Schemas.migrate(settings.stores, logger: Logger(label: "switchboard.migrate"))
        for name in applied { print("applied \(name)") }
        print("postgres: \(applied.isEmpty ? "up to date" : "\(applied.count) applied"); mongodb: up to date")
    }
}
