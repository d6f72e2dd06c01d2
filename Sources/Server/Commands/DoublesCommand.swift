import ArgumentParser
import Doubles
import Foundation

/// `switchboard doubles`
struct DoublesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doubles",
        abstract: "Serve stand-ins for the systems outside on loopback, and print the settings to use them.",
        discussion: "For work by hand and for the browser tests, without any account. Ctrl-C ends it.",
        shouldDisplay: false)

    func run() async throws {
        var running: [RunningDouble] = []
        for double in DoubleCatalogue.all() { running.append(try await double.started()) }
        for double in running {
            let lines =
                ["# \(double.double.name): \(double.address)"] + double.environment.map { "\($0.name)=\($0.value)" }
            // Not `print`: what reads from a pipe must have the addresses at once.
            FileHandle.standardOutput.write(Data((lines.joined(separator: "\n") + "\n").utf8))
        }
        try? await Task.sleep(for: .seconds(7 * 86_400))
        for double in running { await double.stop() }
    }
}

extension LoopbackDouble {
    /// Serves it on a port that the system chooses.
    fileprivate func started() async throws -> RunningDouble { try await RunningDouble.start(self) }
}
