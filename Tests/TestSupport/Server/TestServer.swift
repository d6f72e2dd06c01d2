import Configuration
import Conversations
import Foundation
import JSON
import Logging
import Server
import ServiceLifecycle
import Tenancy

/// The whole server, running in this process on a port of its own.
public final class TestServer: Sendable {
    /// The databases which it works on.
    public let stores: TestStores
    /// Its address without a path, `http://127.0.0.1:3001`.
    public let base: String
    /// A client with nobody signed in, which holds every answer to the OpenAPI document.
    public let api: API
    private let group: ServiceGroup
    private let running: Task<Void, any Error>

    private init(stores: TestStores, base: String, group: ServiceGroup, running: Task<Void, any Error>) async throws {
        self.stores = stores
        self.base = base
        self.group = group
        self.running = running
        api = try await API(base: base)
    }

    /// Starts a server on `stores`. Stop it with ``stop()``.
    ///
    /// - Parameter variables: settings beside the standard ones of tests, by the names of environment variables.
    public static func start(on stores: TestStores, _ variables: [String: String] = [:]) async throws -> TestServer {
        let settings = try Settings(
            reader: ConfigReader(
                provider: EnvironmentVariablesProvider(
                    environmentVariables: standard.merging(stores.variables) { $1 }.merging(variables) { $1 })))
        let logger = Logger(label: "server") { _ in SwiftLogNoOpLogHandler() }
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let application = try await buildApplication(
            settings: settings, metrics: PrometheusRegistry(), logger: logger
        ) { number in port.yield(number) }
        var configuration = ServiceGroupConfiguration(services: [application], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(10)
        configuration.maximumCancellationDuration = .seconds(5)
        let group = ServiceGroup(configuration: configuration)
        let running = Task {
            defer { port.finish() }
            try await group.run()
        }
        guard let number = await ports.first(where: { _ in true }) else {
            try await running.value
            throw NeverHappened(description: "the server ended before it listened")
        }
        return try await TestServer(
            stores: stores, base: "http://127.0.0.1:\(number)", group: group, running: running)
    }

    /// Its port.
    public var port: Int { base.split(separator: ":").last.flatMap { Int($0) } ?? 0 }

    /// Opens a stream, which a thread of its own reads.
    /// - Parameter api: who opens it.
    public func listen(_ path: String, as api: API, lastEventId: String? = nil) async throws -> StreamListener {
        try await StreamListener.open(
            port: port, path, token: api.token, lastEventId: lastEventId, headers: api.headers)
    }

    /// Ends it as SIGTERM would: requests under way are finished first.
    public func stop() async throws {
        await group.triggerGracefulShutdown()
        try await running.value
    }

    /// Runs a server while `body` runs.
    ///
    /// - Parameters:
    ///   - variables: settings by the names of environment variables.
    ///   - stores: databases to use, which stay; without them it gets its own, which are dropped.
    @discardableResult
    public static func with<Result>(
        _ variables: [String: String] = [:], on stores: TestStores? = nil, redis: String? = nil,
        _ body: (TestServer) async throws -> Result
    ) async throws -> Result {
        if let stores { return try await with(variables, stores, body) }
        return try await TestStores.with(redis: redis) { try await with(variables, $0, body) }
    }

    private static func with<Result>(
        _ variables: [String: String], _ stores: TestStores, _ body: (TestServer) async throws -> Result
    ) async throws -> Result {
        let server = try await start(on: stores, variables)
        do {
            let result = try await body(server)
            try await server.stop()
            return result
        } catch {
            try? await server.stop()
            throw error
        }
    }

    /// Settings as tests want them: cheap passwords, and limits that nobody reaches by accident.
    private static let standard: [String: String] = {
        var variables = [
            "PORT": "0", "BCRYPT_COST": "4", "DATABASE_POOL": "4", "MONGODB_THREADS": "4",
            "JWT_SECRET": "only-for-tests-0123456789abcdefghijkl",
            "ENCRYPTION_KEY": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
            "EGRESS_ALLOW": "127.0.0.1:*", "LIMIT_ADDRESS": "1000000", "LIMIT_WEBHOOK_ADDRESS": "1000000",
            "LIMIT_SIGNIN_ADDRESS": "1000000",
            "LIMIT_SIGNIN_ACCOUNT": "1000000", "TURNS_PER_CUSTOMER_HOUR": "100000",
            "TURNS_PER_MEMBER_HOUR": "100000", "MODEL_TURNS_PER_CUSTOMER_HOUR": "100000",
            "MODEL_TURNS_PER_MEMBER_HOUR": "100000",
            "WEB_FOLDER": SourceTree.root.appendingPathComponent("Web").path, "LOG_LEVEL": "critical",
        ]
        for plan in ["FREE", "PRO", "BUSINESS"] {
            for figure in ["REQUESTS_PER_MINUTE", "REQUESTS_PER_MINUTE_PER_CALLER", "MEMBERS", "API_KEYS"] {
                variables["LIMIT_\(plan)_\(figure)"] = "1000000"
            }
        }
        return variables
    }()
}

extension TestServer {
    /// One server for all tests that need no settings of their own; it ends with the process.
    public static var shared: TestServer { get async throws { try await pair.value.0 } }

    /// Another server on the stores of ``shared``, as a second process would be.
    public static var second: TestServer { get async throws { try await pair.value.1 } }

    private static let pair = Task {
        let stores = try await TestStores.fresh()
        let first = try await start(on: stores)
        let second = try await start(on: stores)
        // Swift Testing ends the process by exit(); what is registered last runs first, before databases are dropped.
        atexit {
            let done = DispatchSemaphore(value: 0)
            Task.detached {
                try? await TestServer.stopPair()
                done.signal()
            }
            _ = done.wait(timeout: .now() + 20)
        }
        return (first, second)
    }

    private static func stopPair() async throws {
        let (first, second) = try await pair.value
        async let one: Void = first.stop()
        async let two: Void = second.stop()
        _ = try await (one, two)
        try await first.stores.drop()
    }
}

/// Where the sources of the program lie.
public enum SourceTree {
    /// The folder of `Package.swift`.
    public static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
}

extension TestServer {
    /// A linked account of a member, as a consent leaves it.
    public func linkedAccount(company: UUID, user: UUID) async throws -> UUID {
        guard let key = Data(base64Encoded: Self.standard["ENCRYPTION_KEY"] ?? "") else { return user }
        let secrets = try SecretBox(current: "k1", keys: ["k1": Array(key)])
        return try await stores.postgres.withClient { client in
            try await OAuthAccountStore(client, secrets: secrets).link(
                .forJob(companyId: company), of: user, provider: "google", subject: UUID.v7().lowercased,
                email: "ana@gmail.example", scopes: [],
                tokens: OAuthTokens(access: "a", refresh: "r", expiresAt: Date())
            ).id
        }
    }

    /// The secret with which a company's own server vouches for its customers.
    public func widgetSecret(of tenant: Tenant) async throws -> String {
        guard let id = UUID(strict: tenant.companyId),
            let key = Data(base64Encoded: Self.standard["ENCRYPTION_KEY"] ?? "")
        else { return "" }
        let secrets = try SecretBox(current: "k1", keys: ["k1": Array(key)])
        return try await stores.postgres.withClient { client in
            try await CompanyStore(client, secrets: secrets).widgetSecret(.forJob(companyId: id))
        }
    }
}
