import Foundation
import Logging
import NIOCore
import NIOPosix
import Redis

extension RedisClient {
    /// A client for a test: of the server that REDIS_URL names, or of the URL given. Shut down at the end.
    @discardableResult
    public static func with<Result>(
        url: String? = nil, group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        configure: (inout RedisConfiguration) -> Void = { _ in },
        _ body: (RedisClient) async throws -> Result
    ) async throws -> Result {
        let address = url ?? ProcessInfo.processInfo.environment["REDIS_URL"] ?? "redis://127.0.0.1:6379/0"
        var configuration = try RedisConfiguration(url: address)
        // Builds on the same machine must not make a test fail.
        configuration.commandTimeout = .seconds(10)
        configuration.connectTimeout = .seconds(10)
        configure(&configuration)
        let logger = Logger(label: "redis") { _ in SwiftLogNoOpLogHandler() }
        let client = RedisClient(configuration: configuration, logger: logger, eventLoopGroup: group)
        do {
            let result = try await body(client)
            await client.shutdown()
            return result
        } catch {
            await client.shutdown()
            throw error
        }
    }

    /// How many scripts the server has run since its start, by all of its clients.
    public func scriptCalls() async throws -> Int {
        let text = try await send(["INFO", "commandstats"]).string ?? ""
        let line = text.split(whereSeparator: \.isNewline).first { $0.hasPrefix("cmdstat_evalsha:") }
        return Int(line?.split(separator: "=").dropFirst().first?.prefix { $0.isNumber } ?? "0") ?? 0
    }
}
