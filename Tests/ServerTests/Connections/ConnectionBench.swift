import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import TestSupport

@testable import Server

/// A server of nothing but connections, answered by what a test says.
struct ConnectionBench: Sendable {
    let port: Int
    let open: OpenConnections
    let group: ServiceGroup

    static func with(
        idle: TimeAmount = .seconds(20), _ respond: @escaping ConnectionHandler.Responder,
        _ body: @escaping @Sendable (ConnectionBench) async throws -> Void
    ) async throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let open = OpenConnections()
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let server = ConnectionFactory(respond: respond, open: open, idleTime: idle).server(
            configuration: ServerConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { port.yield($0.localAddress?.port ?? 0) },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger)
        let group = ServiceGroup(configuration: .init(services: [open, server], logger: logger))
        let running = Task {
            defer { port.finish() }
            try await group.run()
        }
        guard let number = await ports.first(where: { $0 > 0 }) else { return try await running.value }
        let bench = ConnectionBench(port: number, open: open, group: group)
        do { try await body(bench) } catch {
            await group.triggerGracefulShutdown()
            try? await running.value
            throw error
        }
        await group.triggerGracefulShutdown()
        try await running.value
    }

    /// Uses a connection on a thread of its own.
    @discardableResult
    func wire<Result: Sendable>(
        timeout: Int = 10, _ body: @escaping @Sendable (Wire) throws -> Result
    ) async throws -> Result {
        try await Threads.one { try body(Wire(port: port, timeout: timeout)) }
    }
}

extension Wire {
    /// Writes text as it is.
    func write(_ text: String) throws { try write(Array(text.utf8)) }
}

extension IncomingRequest {
    /// The whole body as text.
    func text() async throws -> String {
        switch body {
        case .whole(let buffer): String(buffer: buffer)
        case .coming(let body): String(buffer: try await body.collect(upTo: 64 << 20))
        }
    }
}
