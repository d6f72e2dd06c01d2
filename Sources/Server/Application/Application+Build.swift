import HummingbirdCore
public import Logging
import NIOCore
import NIOPosix
public import ServiceLifecycle

/// The whole server, ready to run as a service.
public struct Application: Service {
    let services: [any Service]
    let logger: Logger

    /// Serves until the group that it is in shuts down: the server first, its connections next, then what they work with.
    public func run() async throws {
        try await ServiceGroup(configuration: .init(services: services, logger: logger)).run()
    }
}

/// Puts the whole server together; `main` and the tests call this same function.
///
/// - Parameters:
///   - settings: everything that can be set from outside.
///   - metrics: where `/metrics` reads from.
///   - stopping: makes `/readyz` say no; run it as the last service beside the application.
///   - onRunning: told the port when the server listens.
/// - Throws: when an address of a store cannot be understood, or a key is unusable.
public func buildApplication(
    settings: Settings, metrics: PrometheusRegistry, stopping: StoppingFlag = StoppingFlag(), logger: Logger,
    onRunning: @escaping @Sendable (Int) async -> Void = { _ in }
) async throws -> Application {
    let house = try await House(settings, metrics: metrics, stopping: stopping, logger: logger)
    let entrance = Entrance(table: RouteTable(house.routes), gateway: house.gateway, logger: logger)
    let open = OpenConnections()
    let connections = ConnectionFactory(
        respond: { try await entrance.answer($0) }, open: open,
        idleTime: .seconds(Int64(settings.http.idleSeconds)))
    let server = connections.server(
        configuration: ServerConfiguration(
            address: .hostname(settings.http.host, port: settings.http.port), backlog: 1024,
            availableConnectionsDelegate: MaximumAvailableConnections(settings.http.maximumConnections)),
        onServerRunning: { channel in
            let port = channel.localAddress?.port ?? settings.http.port
            logger.notice("serving", metadata: ["host": "\(settings.http.host)", "port": "\(port)"])
            await onRunning(port)
        },
        eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger)
    return Application(services: house.services + [open, server], logger: logger)
}
