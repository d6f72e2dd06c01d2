import Foundation
import Redis
import Synchronization

/// A redis-server of a test's own, on a free port and in a folder of its own, which may be killed and restarted.
public final class OwnRedis: Sendable {
    /// Where it listens; the same after a restart. TLS when the options say `--tls-port`.
    public let port: Int
    /// Its folder, removed at the end.
    public let directory: URL
    private let options: [String]
    private let process = Mutex<ChildProcess?>(nil)

    private init(port: Int, directory: URL, options: [String]) {
        self.port = port
        self.directory = directory
        self.options = options
    }

    /// Runs a server while `body` runs.
    /// - Parameters:
    ///   - isPersistent: whether every write survives a kill (append-only file, synced always).
    ///   - options: more options of redis-server, made from its port and folder.
    @discardableResult
    public static func with<Result>(
        isPersistent: Bool = false, options: (_ port: Int, _ directory: URL) throws -> [String] = { _, _ in [] },
        _ body: (OwnRedis) async throws -> Result
    ) async throws -> Result {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("redis-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let port = try LocalPort.free()
        var all = ["--bind", "127.0.0.1", "--dir", directory.path, "--save", "", "--enable-debug-command", "yes"]
        if isPersistent { all += ["--appendonly", "yes", "--appendfsync", "always"] }
        let own = try options(port, directory)
        if !own.contains("--tls-port") { all += ["--port", "\(port)"] }
        let server = OwnRedis(port: port, directory: directory, options: all + own)
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

    /// Its address without encryption and password.
    public var url: String { "redis://127.0.0.1:\(port)/0" }

    /// Starts it again after ``kill()`` and waits until it listens.
    public func start() async throws {
        let child = try ChildProcess.start("/usr/bin/env", ["redis-server"] + options)
        process.withLock { $0 = child }
        for _ in 0..<500 {
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

    /// Stops it in its tracks: connections stay open and nothing is answered.
    public func freeze() { process.withLock { $0 }?.signal(SIGSTOP) }

    /// Lets it go on after ``freeze()``.
    public func thaw() { process.withLock { $0 }?.signal(SIGCONT) }
}
