import ArgumentParser
import Logging
import Metrics
import ServiceLifecycle

/// `switchboard work`.
struct WorkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "work", abstract: "Run the agents' turns, without serving anything.",
        discussion: """
            Any number may run beside any number of `serve`, which runs turns too unless WORKERS_INSIDE is false. \
            SIGTERM or SIGINT ends it: turns under way are finished first, within DRAIN_SECONDS.
            """)

    func run() async throws {
        var settings = try await CommandStart.settings(quiet: false)
        settings.work.turns.works = true
        let logger = Logger(label: "switchboard")
        let metrics = PrometheusRegistry()
        MetricsSystem.bootstrap(PrometheusFactory(registry: metrics))
        let house = try await House(settings, metrics: metrics, stopping: StoppingFlag(), logger: logger)
        var services = house.workServices
        if let port = settings.http.operationsPort {
            services.append(
                OperationsServer.application(
                    host: settings.http.operationsHost, port: port, metrics: metrics, logger: logger))
        }
        var configuration = ServiceGroupConfiguration(
            services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(settings.http.drainSeconds)
        configuration.maximumCancellationDuration = .seconds(5)
        logger.notice("working")
        try await ServiceGroup(configuration: configuration).run()
        logger.notice("stopped")
    }
}
