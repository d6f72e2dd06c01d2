import ArgumentParser
import Logging
import Metrics
import ServiceLifecycle

/// `switchboard serve`
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve the API, the pages and the agents.",
        discussion: """
            SIGTERM or SIGINT ends it: /readyz says no for LEAVE_SECONDS, then nothing new is taken and requests under \
            way are finished, within DRAIN_SECONDS.
            """)

    @Option(help: "The port to serve on, instead of PORT.")
    var port: Int?

    func run() async throws {
        var settings = try await CommandStart.settings(quiet: false)
        if let port { settings.http.port = port }
        let logger = Logger(label: "switchboard")
        let wanted = settings.http.maximumConnections
        settings.http.maximumConnections = FileLimit.connections(wanted, files: FileLimit.raise())
        if settings.http.maximumConnections < wanted {
            logger.warning(
                "the system allows too few open files for MAX_CONNECTIONS; serving fewer connections at once",
                metadata: ["wanted": "\(wanted)", "served": "\(settings.http.maximumConnections)"])
        }
        let metrics = PrometheusRegistry()
        MetricsSystem.bootstrap(PrometheusFactory(registry: metrics))
        let stopping = StoppingFlag(leave: .seconds(settings.http.leaveSeconds))
        let application = try await buildApplication(
            settings: settings, metrics: metrics, stopping: stopping, logger: logger)
        var configuration = ServiceGroupConfiguration(
            services: [application] + operationsServices(settings.http, metrics, logger) + [stopping],
            gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(
            settings.http.leaveSeconds + settings.http.drainSeconds)
        configuration.maximumCancellationDuration = .seconds(5)
        try await ServiceGroup(configuration: configuration).run()
        logger.notice("stopped")
    }

    /// The operator's own port, when there is one.
    private func operationsServices(
        _ settings: HTTPSettings, _ metrics: PrometheusRegistry, _ logger: Logger
    ) -> [any Service] {
        guard let port = settings.operationsPort else { return [] }
        return [
            OperationsServer.application(host: settings.operationsHost, port: port, metrics: metrics, logger: logger)
        ]
    }
}
