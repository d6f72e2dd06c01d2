import Hummingbird
import Logging
import NIOCore

/// A double that is being served on a port of its own.
public struct RunningDouble: Sendable {
    /// Which one it is.
    public let double: any LoopbackDouble
    /// Its port on 127.0.0.1.
    public let port: Int
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
        let task = Task {
            do { try await application.run() } catch {
                found.finish(throwing: error)
                throw error
            }
        }
        for try await port in ports { return RunningDouble(double: double, port: port, task: task) }
        throw CancellationError()
    }

    /// Ends it; answers under way break off.
    public func stop() async {
        task.cancel()
        _ = await task.result
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
