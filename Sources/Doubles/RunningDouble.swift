import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle

/// A double that is being served on a port of its own.
public struct RunningDouble: Sendable {
    /// Which one it is.
    public let double: any LoopbackDouble
    /// Its port on 127.0.0.1.
    public let port: Int
    private let group: ServiceGroup
    private let task: Task<Void, any Error>

    /// `http://127.0.0.1:<port>`.
    public var address: String { "http://127.0.0.1:\(port)" }

    /// The settings by which a server uses it.
    public var environment: [(name: String, value: String)] { double.environment(address) }

    /// Serves a double until ``stop()``.
    /// - Parameter port: 0 lets the system choose.
    /// - Throws: when the port cannot be had.
    public static func start(_ double: some LoopbackDouble, port: Int = 0) async throws -> RunningDouble {
        let router = Router()
        double.serve(router)
        var logger = Logger(label: "double.\(double.name)")
        logger.logLevel = .critical
        let (ports, found) = AsyncThrowingStream<Int, any Error>.makeStream()
        let application = Application(
            router: router, configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port)),
            onServerRunning: { channel in
                found.yield(channel.localAddress?.port ?? port)
                found.finish()
            }, logger: logger)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(services: [.init(service: application)], logger: logger))
        let task = Task {
            do { try await group.run() } catch {
                found.finish(throwing: error)
                throw error
            }
        }
        for try await port in ports { return RunningDouble(double: double, port: port, group: group, task: task) }
        throw CancellationError()
    }

    /// Ends it; answers under way break off after a moment.
    ///
    /// The listener is closed first: a server that is cancelled while it accepts a connection leaves the connection's
    /// writer unfinished, and NIO ends the process for that.
    public func stop() async {
        await group.triggerGracefulShutdown()
        let breakOff = Task {
            try await Task.sleep(for: .milliseconds(100))
            task.cancel()
        }
        _ = await task.result
        breakOff.cancel()
    }
}

/// Serves a double while `body` runs.
public func withDouble<Result: Sendable>(
    _ double: some LoopbackDouble, _ body: @Sendable (RunningDouble) async throws -> Result
) async throws -> Result {
    let running = try await RunningDouble.start(double)
    do {
        let result = try await body(running)
        await running.stop()
        return result
    } catch {
        await running.stop()
        throw error
    }
}
