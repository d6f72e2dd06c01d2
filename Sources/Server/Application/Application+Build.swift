import Foundation
public import Hummingbird
import HummingbirdCore
public import Logging
import NIOCore
import ServiceLifecycle
import Synchronization

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
) async throws -> some ApplicationProtocol {
    let house = try await House(settings, metrics: metrics, stopping: stopping, logger: logger)
    let router = RouterBuilder.router(
        house.routes, gateway: house.gateway, entrance: Entrance(logger: logger, gateway: house.gateway))
    var application = Application(
        responder: StreamResponder(base: router.buildResponder()),
        server: .http1(
            configuration: HTTP1Channel.Configuration(
                additionalChannelHandlers: [BrokenRequestHandler(), ConnectionWatch()],
                idleTimeout: .seconds(Int64(settings.http.idleSeconds)),
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: 16 * 1024, maxHeaderListSize: 16 * 1024, maxHeaderFieldCount: 100))),
        configuration: ApplicationConfiguration(
            address: .hostname(settings.http.host, port: settings.http.port), backlog: 1024,
            availableConnectionsDelegate: MaximumAvailableConnections(settings.http.maximumConnections)),
        onServerRunning: { channel in
            let port = channel.localAddress?.port ?? settings.http.port
            logger.notice("serving", metadata: ["host": "\(settings.http.host)", "port": "\(port)"])
            await onRunning(port)
        }, logger: logger)
    application.addServices(house.services)
    return application
}
