import Foundation
import Postgres
import Synchronization

/// Why there is no database for tests.
public struct NoTestServer: Error, CustomStringConvertible {
    /// What is missing.
    public let description: String
}

/// The server where tests make their databases, and what this process made there.
final class PostgresTestServer: Sendable {
    /// One for the process; an error when the environment does not name a server.
    static let shared = Result { try PostgresTestServer() }

    private let owner: URLComponents
    private let runtime: URLComponents
    private let numbers = Atomic<Int>(0)
    private let databases = Mutex<Set<String>>([])
    private let templates = Mutex<Task<String, any Error>?>(nil)

    private init() throws {
        func url(_ name: String) throws -> URLComponents {
            guard let text = ProcessInfo.processInfo.environment[name], let url = URLComponents(string: text) else {
                throw NoTestServer(description: "\(name) is not set; script/test does that")
            }
            return url
        }
        owner = try url("DIRECT_URL")
        runtime = try url("DATABASE_URL")
        // Swift Testing ends the process by exit().
        atexit {
            let done = DispatchSemaphore(value: 0)
            Task.detached {
                await (try? PostgresTestServer.shared.get())?.dropAll()
                done.signal()
            }
            _ = done.wait(timeout: .now() + 20)
        }
    }

    func owner(of database: String) -> String { Self.url(owner, database) }
    func runtime(of database: String) -> String { Self.url(runtime, database) }

    private static func url(_ url: URLComponents, _ database: String) -> String {
        var url = url
        url.path = "/" + database
        return url.string ?? ""
    }

    /// The process's number is in it, so that what a killed process left can be found.
    func newName() -> String {
        "sb_test_\(getpid())_\(numbers.add(1, ordering: .relaxed).newValue)"
    }

    func create(_ name: String, template: String?) async throws {
        try await administer { client in
            let source: SQL = template.map { "TEMPLATE \(raw: $0)" } ?? "TEMPLATE template0"
            _ = try await client.query("CREATE DATABASE \(raw: name) \(fragment: source)", timeout: .seconds(60))
            _ = databases.withLock { $0.insert(name) }
            _ = try await client.query("GRANT CONNECT ON DATABASE \(raw: name) TO \(raw: Self.quoted(runtime.user))")
        }
    }

    func drop(_ name: String) async throws {
        try await administer { try await drop(name, $0) }
        _ = databases.withLock { $0.remove(name) }
    }

    private func drop(_ name: String, _ client: PostgresClient) async throws {
        do {
            _ = try await client.query("DROP DATABASE IF EXISTS \(raw: name) WITH (FORCE)", timeout: .seconds(60))
        } catch let error as PostgresError where error.sqlState == "42501" {
            // The owner may not end the runtime role's sessions. The server itself waits 5 s for them to end.
            _ = try await client.query("DROP DATABASE IF EXISTS \(raw: name)", timeout: .seconds(60))
        }
    }

    /// The template of this process, made and migrated at the first call.
    func template() async throws -> String {
        let task = templates.withLock { task in
            let current = task ?? Task { try await self.makeTemplate() }
            task = current
            return current
        }
        return try await task.value
    }

    private func makeTemplate() async throws -> String {
        try await dropLeftovers()
        let name = newName()
        try await create(name, template: nil)
        // Roles belong to the whole server: processes which migrate at the same time would meet there.
        try await administer { client in
            try await client.withConnection { connection in
                _ = try await connection.query("SELECT pg_advisory_lock(7312025115)", timeout: .seconds(120))
                let migrations = try Migration.load(folder: Self.folder)
                _ = try await PostgresClient.with(url: owner(of: name)) { target in
                    try await Migrator(client: target, folder: migrations).migrate()
                }
                let user = runtime.user ?? ""
                let isMember = try await connection.query(
                    "SELECT pg_has_role(\(user), 'switchboard_runtime', 'MEMBER') AS member")
                if try isMember.first?.get("member") == false {
                    _ = try await connection.query("GRANT switchboard_runtime TO \(raw: Self.quoted(user))")
                }
            }
        }
        return name
    }

    /// Databases of test processes that are gone.
    private func dropLeftovers() async throws {
        try await administer { client in
            let names = try await client.query("SELECT datname FROM pg_database WHERE datname LIKE 'sb\\_test\\_%'")
            for row in names {
                let name = try row.get("datname", as: String.self)
                guard let process = name.split(separator: "_").dropFirst(2).first.flatMap({ pid_t($0) }),
                    kill(process, 0) != 0, errno == ESRCH
                else { continue }
                try? await drop(name, client)
            }
        }
    }

    private func dropAll() async {
        let names = databases.withLock { $0 }
        try? await administer { client in
            for name in names { try? await drop(name, client) }
        }
    }

    private func administer(_ body: (PostgresClient) async throws -> Void) async throws {
        try await PostgresClient.with(url: Self.url(owner, String(owner.path.dropFirst())), body)
    }

    private static func quoted(_ role: String?) -> String {
        "\"" + (role ?? "").replacing("\"", with: "\"\"") + "\""
    }

    /// `prisma-equivalent-sql/` beside `Tests/`.
    private static var folder: String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("prisma-equivalent-sql")
            .path
    }
}
