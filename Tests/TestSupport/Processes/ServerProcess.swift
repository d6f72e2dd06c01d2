import Foundation
import Synchronization

/// A `switchboard serve` of a test's own, which may be killed and started again on the same port.
public final class ServerProcess: Sendable {
    /// Where it listens; the same after a restart.
    public let port: Int
    private let environment: [String: String]
    private let directory: URL
    private let process = Mutex<ChildProcess?>(nil)

    private init(port: Int, environment: [String: String], directory: URL) {
        self.port = port
        self.environment = environment
        self.directory = directory
    }

    /// Its address without a path.
    public var base: String { "http://127.0.0.1:\(port)" }

    /// Runs a server while `body` runs; nothing of it is left afterwards, also when `body` throws.
    @discardableResult
    public static func with<Result>(
        _ environment: [String: String], _ body: (ServerProcess) async throws -> Result
    ) async throws -> Result {
        try await withTemporaryDirectory { directory in
            let server = ServerProcess(port: try LocalPort.free(), environment: environment, directory: directory)
            do {
                try await server.start()
                let result = try await body(server)
                await server.kill()
                return result
            } catch {
                await server.kill()
                throw error
            }
        }
    }

    /// Starts it, also again after ``kill()`` or ``stop(within:)``, and waits until it is ready.
    /// - Throws: ``NeverHappened`` with its log when that takes more than a minute, or when it ends before.
    public func start() async throws {
        let settings = ["PORT": "\(port)", "HOST": "127.0.0.1"]
        let child = try ChildProcess.start(
            SwitchboardProgram.path, ["serve"],
            environment: SwitchboardProgram.plainEnvironment.merging(environment) { $1 }.merging(settings) { $1 },
            directory: directory, output: try SwitchboardProgram.openLog(logFile))
        process.withLock { $0 = child }
        do {
            try await eventually("the server is ready", within: 60) {
                if child.isOver { return true }
                return try await isReady()
            }
        } catch is NeverHappened {
            throw NeverHappened(description: "the server was not ready in time:\n\(log)")
        }
        if child.isOver { throw NeverHappened(description: "the server ended at its start:\n\(log)") }
    }

    /// Whether `/readyz` says yes.
    public func isReady() async throws -> Bool { try await status(of: "/readyz") == 200 }

    /// The status of a GET without a token; `nil` when nobody answers.
    public func status(of path: String) async throws -> Int? {
        let port = port
        return try await Threads.one {
            guard let wire = try? Wire(port: port, timeout: 15) else { return nil }
            return try? wire.send("GET", path).status
        }
    }

    /// Number of the process; `nil` when it does not run.
    public var id: Int32? { process.withLock { $0 }.flatMap { $0.isOver ? nil : $0.id } }

    /// Kills it with SIGKILL.
    public func kill() async {
        let child = process.withLock { $0.take() }
        await child?.killNow()
    }

    /// Sends SIGTERM.
    public func terminate() { process.withLock { $0 }?.signal(SIGTERM) }

    /// Sends SIGTERM and waits for the end.
    /// - Returns: the exit code.
    /// - Throws: ``NeverHappened`` when it takes longer than `seconds`.
    public func stop(within seconds: Int) async throws -> Int32 {
        terminate()
        return try await waitForEnd(within: seconds)
    }

    /// Waits until it has ended by itself.
    /// - Returns: the exit code.
    public func waitForEnd(within seconds: Int) async throws -> Int32 {
        guard let child = process.withLock({ $0 }) else { throw NeverHappened(description: "there is no server") }
        try await eventually("the server ends", within: seconds) { child.isOver }
        return child.exitCode ?? -1
    }

    /// Everything it has written since the first start.
    public var log: String { (try? String(contentsOf: logFile, encoding: .utf8)) ?? "" }

    /// Kibibytes of memory that it holds now.
    public var residentKiB: Int? {
        guard let id, let status = try? String(contentsOfFile: "/proc/\(id)/status", encoding: .utf8) else {
            return nil
        }
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return line?.split(separator: " ").compactMap { Int($0) }.first
    }

    private var logFile: URL { directory.appendingPathComponent("log") }
}
