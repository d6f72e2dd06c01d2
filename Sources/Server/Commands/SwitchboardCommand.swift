public import ArgumentParser
import Foundation
import Logging

/// The command line: `switchboard serve | work | migrate | seed | check | keys | openapi`.
public struct SwitchboardCommand: AsyncParsableCommand {
    /// Name, help and subcommands.
    public static let configuration = CommandConfiguration(
        commandName: "switchboard", abstract: "Business messaging for many companies.",
        discussion: """
            Settings come from the environment or from a file called .env; a wrong or missing one is named at start. \
            The README lists them all.
            """,
        version: Version.current,
        subcommands: [
            ServeCommand.self, WorkCommand.self, MigrateCommand.self, SeedCommand.self, CheckCommand.self,
            KeysCommand.self, OpenAPICommand.self, DoublesCommand.self,
        ])

    /// Made by the parser.
    public init() {}

    /// What `main` does before anything else: a peer that hangs up must be an error of one write, never the end of
    /// the process.
    /// Tasks run where the sockets are.
    public static func prepareProcess() {
        signal(SIGPIPE, SIG_IGN)
        EventLoopTasks.install()
    }
}

/// What every command begins with.
enum CommandStart {
    /// Settings, with logging as they say; a command that prints its result logs warnings only.
    static func settings(quiet: Bool = true) async throws -> Settings {
        let settings = try await Settings.load()
        LineLogHandler.bootstrap(level: quiet ? max(settings.logLevel, .warning) : settings.logLevel)
        return settings
    }
}
