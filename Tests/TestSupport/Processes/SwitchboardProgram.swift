import Foundation

/// The built program `switchboard`, run to its end.
public enum SwitchboardProgram {
    /// Where it is: SWITCHBOARD_BINARY, else beside the tests.
    public static var path: String {
        if let given = ProcessInfo.processInfo.environment["SWITCHBOARD_BINARY"] { return given }
        let tests = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        return tests.deletingLastPathComponent().appendingPathComponent("switchboard").path
    }

    /// The folder of the package.
    public static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// What every process needs, whatever it is: nothing of the caller's own settings leaks in.
    public static var plainEnvironment: [String: String] {
        var environment = [
            "MIGRATIONS": package.appendingPathComponent("prisma-equivalent-sql").path,
            "WEB_FOLDER": package.appendingPathComponent("Web").path,
        ]
        let own = ProcessInfo.processInfo.environment
        for name in ["PATH", "HOME", "LD_LIBRARY_PATH", "TMPDIR"] { environment[name] = own[name] }
        return environment
    }

    /// How a run ended.
    public struct Outcome: Sendable {
        /// 128 + n after signal n.
        public let exitCode: Int32
        /// Output and errors.
        public let output: String
    }

    /// Runs it with `arguments`, in an empty folder, so that no `.env` is found.
    /// - Parameter seconds: after which it is killed.
    public static func run(
        _ arguments: [String], environment: [String: String], within seconds: Int = 60
    ) async throws -> Outcome {
        try await run(path, arguments, environment: environment, within: seconds)
    }

    /// Runs another program likewise.
    public static func run(
        _ executable: String, _ arguments: [String], environment: [String: String], within seconds: Int = 60
    ) async throws -> Outcome {
        try await withTemporaryDirectory { directory in
            let log = directory.appendingPathComponent("output")
            let child = try ChildProcess.start(
                executable, arguments,
                environment: plainEnvironment.merging(environment) { _, given in given },
                directory: directory, output: try openLog(log))
            do {
                try await eventually("\(executable) \(arguments) ends", within: seconds) { child.isOver }
            } catch {
                await child.killNow()
                throw error
            }
            let output = String(decoding: try Data(contentsOf: log), as: UTF8.self)
            return Outcome(exitCode: child.exitCode ?? -1, output: output)
        }
    }

    /// A file that many processes may append to.
    static func openLog(_ file: URL) throws -> FileHandle {
        let descriptor = open(file.path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw POSIXError(.EIO) }
        return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }
}

/// Runs `body` with a new empty folder, which is removed afterwards.
public func withTemporaryDirectory<Result>(_ body: (URL) async throws -> Result) async throws -> Result {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("switchboard-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    return try await body(directory)
}
