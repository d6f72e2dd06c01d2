import Logging
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// Opens connections that are ready for commands: TCP, TLS, AUTH, name, database.
final class RedisConnector: Sendable {
    let configuration: RedisConfiguration
    let logger: Logger
    private let eventLoop: any EventLoop
    private let tlsContext = Mutex<NIOSSLContext?>(nil)

    init(configuration: RedisConfiguration, logger: Logger, eventLoop: any EventLoop) {
        self.configuration = configuration
        self.logger = logger
        self.eventLoop = eventLoop
    }

    /// - Parameter pushHandler: gets what arrives unasked, on a connection for subscriptions.
    /// - Throws: ``RedisError`` when Redis refuses, errors of NIO when it cannot be reached.
    func connect(pushHandler: CommandPipeline.PushHandler? = nil) async throws -> RedisConnection {
        let configuration = configuration
        let tls = try await makeTLSContext()
        let pipeline = CommandPipeline(
            limits: .init(commands: configuration.maxPendingCommands, bytes: configuration.maxPendingBytes),
            pushHandler: pushHandler)
        let channel = try await ClientBootstrap(group: eventLoop)
            .connectTimeout(TimeAmount(configuration.connectTimeout))
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        try channel.pipeline.syncOperations.addHandler(
                            NIOSSLClientHandler(context: tls, serverHostname: configuration.tlsServerName))
                    }
                    try channel.pipeline.syncOperations.addHandler(
                        RESPHandler(pipeline: pipeline, maxReplyBytes: configuration.maxReplyBytes))
                }
            }
            .connect(host: configuration.host, port: configuration.port)
            .get()
        let connection = RedisConnection(channel: channel, pipeline: pipeline)
        do {
            try await greet(connection)
            return connection
        } catch {
            connection.close()
            throw error
        }
    }

    private func greet(_ connection: RedisConnection) async throws {
        var commands: [[RedisArgument]] = []
        if let password = configuration.password {
            commands.append(["AUTH"] + (configuration.username.map { [.text($0)] } ?? []) + [.text(password)])
        }
        commands.append(["SELECT", .integer(configuration.database)])
        commands.append(["CLIENT", "SETNAME", .text(configuration.clientName)])
        // Answers LOADING while the server reads its data, when nothing else of the above does.
        commands.append(["PING"])
        let replies = try await connection.send(batch: commands, timeout: TimeAmount(configuration.connectTimeout))
        for (command, reply) in zip(commands, replies) {
            let mayBeRefused = command[0] == "CLIENT" || command[0] == "PING"
            if mayBeRefused, case .error("NOPERM", _) = reply { continue }
            _ = try reply.get()
        }
    }

    /// Reads certificates, which blocks: once, on NIO's threads for files.
    private func makeTLSContext() async throws -> NIOSSLContext? {
        guard configuration.tls else { return nil }
        if let context = tlsContext.withLock({ $0 }) { return context }
        let caFile = configuration.caFile
        let context = try await NIOThreadPool.singleton.runIfActive {
            var settings = TLSConfiguration.makeClientConfiguration()
            settings.minimumTLSVersion = .tlsv12
            if let caFile { settings.trustRoots = .file(caFile) }
            return try NIOSSLContext(configuration: settings)
        }
        tlsContext.withLock { $0 = context }
        return context
    }
}
