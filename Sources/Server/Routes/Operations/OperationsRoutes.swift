import HTTPTypes
import JSON

/// What operators and load balancers ask.
struct OperationsRoutes: RouteGroup {
    let health: Health
    let readiness: Readiness
    let metrics: PrometheusRegistry
    /// Whether `/metrics` is served here.
    let servesMetrics: Bool

    var routes: [Route] { [report, live, ready] + (servesMetrics ? [scrape] : []) }

    private static let reportSchema = Schema.object([
        .required("status", .words(["ok", "degraded", "down"])), .required("version", .text()),
        .required("checks", .freeObject),
    ])

    private var report: Route {
        Route(
            method: .get, path: "/api/health", summary: "The state of the service and of its stores.",
            tag: "Operations", access: .open,
            answers: [
                .init(status: 200, schema: Self.reportSchema, summary: "It serves."),
                .init(status: 503, schema: Self.reportSchema, summary: "A store that it cannot do without is away."),
            ]
        ) { _ in
            let report = HealthReport(version: Version.current, checks: await health.checks())
            var answer = Answer.json(report, status: report.isUp ? .ok : .serviceUnavailable)
            answer.headers[.cacheControl] = "no-store"
            if !report.isUp { answer.headers[.retryAfter] = "5" }
            return answer
        }
    }

    private var live: Route { probe("/livez", "Whether the process runs.") { true } }
    private var ready: Route { probe("/readyz", "Whether to send requests here.") { await readiness.isReady } }

    private func probe(_ path: String, _ summary: String, _ check: @escaping @Sendable () async -> Bool) -> Route {
        Route(
            method: .get, path: path, summary: summary, tag: "Operations", access: .open,
            answers: [.init(status: 200, schema: .text(), summary: "Yes.", mediaType: "text/plain")]
        ) { _ in
            guard await check() else { throw Problem.unavailable("Not ready.") }
            return .text("ok\n", type: "text/plain; charset=utf-8")
        }
    }

    private var scrape: Route {
        Route(
            method: .get, path: "/metrics", summary: "Metrics as Prometheus reads them.", tag: "Operations",
            access: .open,
            answers: [.init(status: 200, schema: .text(), summary: "The metrics.", mediaType: "text/plain")]
        ) { _ in .text(metrics.text(), type: "text/plain; version=0.0.4; charset=utf-8") }
    }
}

/// Says whether a load balancer should send requests: the required stores answer, and the server is not stopping.
struct Readiness: Sendable {
    let health: Health
    let isStopping: @Sendable () -> Bool

    var isReady: Bool {
        get async {
            if isStopping() { return false }
            return await health.checks().allSatisfy { $0.isUp || !$0.isRequired }
        }
    }
}
