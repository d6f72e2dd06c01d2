import Foundation
import Synchronization

/// A Postgres server of a test's own, on a free port and in a folder of its own, which may be killed and restarted. It
/// has one database `postgres` and a superuser `postgres` without a password.
public final class OwnPostgres: Sendable {
    /// Where it listens; the same after a restart.
    public let port: Int
    private let directory: URL
    private let process = Mutex<ChildProcess?>(nil)

    private init(port: Int, directory: URL) {
        self.port = port
        self.directory = directory
    }

    /// The superuser's address.
    public var url: String { "postgres://postgres@127.0.0.1:\(port)/postgres" }

    /// Runs a server while `body` runs.
    @discardableResult
    public static func with<Result>(_ body: (OwnPostgres) async throws -> Result) async throws -> Result {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("postgres-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let server = OwnPostgres(port: try LocalPort.free(), directory: directory)
        do {
            try await server.initialize()
            try await server.start()
            let result = try await body(server)
            await server.kill()
            return result
        } catch {
            await server.kill()
            throw error
        }
    }

    /// Starts it again after ``kill()`` and waits until it listens.
    public func start() async throws {
        let child = try run(
            "postgres",
            [
                "-D", directory.path, "-p", "\(port)", "-c", "listen_addresses=127.0.0.1",
                "-c", "unix_socket_directories=\(directory.path)", "-c", "max_connections=20",
            ])
        process.withLock { $0 = child }
        for _ in 0..<1500 {
            if LocalPort.isOpen(port) { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw POSIXError(.ETIMEDOUT)
    }

    /// Kills it with SIGKILL.
    public func kill() async {
        let child = process.withLock { $0.take() }
        await child?.killNow()
    }

    /// Ends it as an operator would, closing all sessions (SIGINT).
    public func stop() async {
        let child = process.withLock { $0.take() }
        child?.signal(SIGINT)
        await child?.waitUntilOver()
    }

    /// Stops the process that takes connections and cancel requests; sessions under way go on.
    public func freeze() { process.withLock { $0 }?.signal(SIGSTOP) }

    /// Lets it go on after ``freeze()``.
    public func thaw() { process.withLock { $0 }?.signal(SIGCONT) }

    private func initialize() async throws {
        if getuid() == 0 {
            let chown = try ChildProcess.start("/usr/bin/env", ["chown", "postgres:postgres", directory.path])
            await chown.waitUntilOver()
        }
        let initdb = try run(
            "initdb",
            [
                "-D", directory.path, "-U", "postgres", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C",
            ])
        await initdb.waitUntilOver()
    }

    /// Postgres refuses to run as root; as root its processes run as the account `postgres`.
    private func run(_ program: String, _ arguments: [String]) throws -> ChildProcess {
        var command = [Self.programs + "/" + program] + arguments
        if getuid() == 0 {
            command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] + command
        }
        return try ChildProcess.start("/usr/bin/env", command)
    }

    /// The newest version that the system has.
    private static var programs: String {
        let root = "/usr/lib/postgresql"
        let versions = ((try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []).compactMap { Int($0) }
        return "\(root)/\(versions.max() ?? 15)/bin"
    }
}
