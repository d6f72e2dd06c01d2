import ArgumentParser
import Foundation
import Logging

/// `switchboard seed`
struct SeedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "seed", abstract: "Make the demo company, unless it is there, and print how to get in.",
        discussion: "For trying Switchboard out. Everybody knows the demo's password: do not seed a public server.")

    func run() async throws {
        let settings = try await CommandStart.settings()
        let logger = Logger(label: "switchboard.seed")
        let stores = try Stores(settings.stores, logger: logger)
        do {
            let seeded = try await DemoCompany(settings, stores, logger).seed()
            print(seeded)
            await stores.shutdown()
        } catch {
            await stores.shutdown()
            throw error
        }
    }
}
