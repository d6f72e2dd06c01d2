import AsyncHTTPClient
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// HTTP clients that are bound to one host at one vetted address each: the name goes into TLS and the `Host` header, and
/// the connection to the address. Connections are kept and used again while the name still has that address.
final class PinnedClients: Sendable {
    struct Key: Hashable, Sendable {
        let host: String
        let address: IPAddress
    }

    private struct Entry {
        let client: HTTPClient
        var users: Int
        var lastUse: UInt64
    }

    private struct State {
        var entries: [Key: Entry] = [:]
        var clock: UInt64 = 0
        var isClosed = false
    }

    private let state = Mutex(State())
    private let limit: Int
    private let trustRoots: NIOSSLTrustRoots

    init(limit: Int, trustRoots: NIOSSLTrustRoots) {
        self.limit = limit
        self.trustRoots = trustRoots
    }

    /// Runs `body` with the client for `key`.
    /// - Throws: ``EgressError`` of code `busy` when all of ``limit`` clients are in use or the process is ending.
    func with<Result>(_ key: Key, _ body: (HTTPClient) async throws -> Result) async throws -> Result {
        let client = try lease(key)
        defer { release(key) }
        return try await body(client)
    }

    private func lease(_ key: Key) throws(EgressError) -> HTTPClient {
        let (client, idle): (HTTPClient?, HTTPClient?) = state.withLock { state in
            guard !state.isClosed else { return (nil, nil) }
            state.clock += 1
            if let entry = state.entries[key] {
                state.entries[key]?.users += 1
                state.entries[key]?.lastUse = state.clock
                return (entry.client, nil)
            }
            var idle: HTTPClient?
            if state.entries.count >= limit {
                let unused = state.entries.filter { $0.value.users == 0 }.min { $0.value.lastUse < $1.value.lastUse }
                guard let unused else { return (nil, nil) }
                idle = state.entries.removeValue(forKey: unused.key)?.client
            }
            let client = HTTPClient(
                eventLoopGroupProvider: .shared(MultiThreadedEventLoopGroup.singleton),
                configuration: configuration(key))
            state.entries[key] = Entry(client: client, users: 1, lastUse: state.clock)
            return (client, idle)
        }
        // Closing waits for the peer's farewell, which nobody here needs to wait for.
        if let idle { Task { try? await idle.shutdown() } }
        guard let client else { throw EgressError(.busy, "too many servers are being talked to; try again") }
        return client
    }

    private func release(_ key: Key) {
        state.withLock { $0.entries[key]?.users -= 1 }
    }

    private func configuration(_ key: Key) -> HTTPClient.Configuration {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.trustRoots = trustRoots
        var configuration = HTTPClient.Configuration(tlsConfiguration: tls)
        configuration.dnsOverride = [key.host: "\(key.address)"]
        configuration.redirectConfiguration = .disallow
        configuration.decompression = .disabled
        configuration.httpVersion = .http1Only
        configuration.timeout = HTTPClient.Configuration.Timeout(connect: .seconds(5))
        configuration.connectionPool.idleTimeout = .seconds(30)
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }

    /// Ends all connections; requests under way fail.
    func shutdown() async {
        let clients = state.withLock { state in
            state.isClosed = true
            defer { state.entries = [:] }
            return state.entries.values.map(\.client)
        }
        for client in clients { try? await client.shutdown() }
    }
}
