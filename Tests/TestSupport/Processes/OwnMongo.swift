import Foundation
import Logging
import Mongo
import Synchronization

/// mongod ended at once: it is not there, or a library of it is missing.
struct CannotStart: Error, CustomStringConvertible {
    let description =
        "mongod cannot be started: check MONGOD_BINARY and MONGOD_LIBRARY_PATH (script/services sets both)"
}

/// A mongod of a test's own: a replica set of one on a free port, with a folder of its own, which may be killed and
/// started again. Its program is MONGOD_BINARY, or `mongod` on the path; MONGOD_LIBRARY_PATH is where its libraries are.
public final class OwnMongo: Sendable {
    /// Where it listens; the same after a restart.
    public let port: Int
    /// Its folder, removed at the end.
    public let directory: URL
    private let process = Mutex<ChildProcess?>(nil)

    private init(port: Int, directory: URL) {
        self.port = port
        self.directory = directory
    }

    /// Runs a server while `body` runs. It starts in 2 to 5 seconds.
    @discardableResult
    public static func with<Result>(_ body: (OwnMongo) async throws -> Result) async throws -> Result {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("mongo-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let server = OwnMongo(port: try LocalPort.free(), directory: directory)
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

    /// Its address; the database is `switchboard`.
    public var uri: String { "mongodb://127.0.0.1:\(port)/switchboard?replicaSet=own" }

    /// Starts it, also again after ``kill()``, and waits until it accepts writes.
    public func start() async throws {
        let own = ProcessInfo.processInfo.environment
        var environment = own
        environment["LD_LIBRARY_PATH"] = own["MONGOD_LIBRARY_PATH"] ?? own["LD_LIBRARY_PATH"]
        let child = try ChildProcess.start(
            "/usr/bin/env",
            [
                own["MONGOD_BINARY"] ?? "mongod", "--dbpath", directory.path, "--port", "\(port)", "--bind_ip",
                "127.0.0.1",
                "--replSet", "own", "--nounixsocket", "--wiredTigerCacheSizeGB", "0.25", "--oplogSize", "64",
                "--setParameter", "enableTestCommands=1", "--setParameter", "diagnosticDataCollectionEnabled=false",
                "--setParameter", "transactionLifetimeLimitSeconds=5",
            ], environment: environment)
        process.withLock { $0 = child }
        try await eventually("mongod listens on \(port)", within: 60) {
            if child.isOver { throw CannotStart() }
            return LocalPort.isOpen(port)
        }
        try await initiate()
    }

    private func initiate() async throws {
        let configuration = try MongoConfiguration(
            uri: "mongodb://127.0.0.1:\(port)/?directConnection=true", threads: 2, operationTimeout: .seconds(60),
            serverSelectionTimeout: .seconds(30))
        let client = MongoClient(
            configuration: configuration, logger: Logger(label: "mongo") { _ in SwiftLogNoOpLogHandler() })
        let admin = client.database("admin")
        let members: BSONValue = [["_id": 0, "host": .string("127.0.0.1:\(port)")]]
        do {
            do {
                _ = try await admin.command(["replSetInitiate": ["_id": "own", "members": members]])
            } catch let error as MongoError where error.code == .server(code: 23) {
                // It is the same set as before the restart.
            }
            try await eventually("mongod accepts writes", within: 30) {
                try await admin.command(["hello": 1]).bool("isWritablePrimary") ?? false
            }
            await client.shutdown()
        } catch {
            await client.shutdown()
            throw error
        }
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
