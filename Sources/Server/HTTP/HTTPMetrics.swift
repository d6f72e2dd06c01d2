import HTTPTypes
import Metrics
import Synchronization

/// Counts and times of requests by route. Labels are the matched route, never the address as it came, so that their
/// number is bounded.
///
/// Finding a metric by its labels costs more than counting, so the found ones are kept.
enum HTTPMetrics {
    private struct Outcome: Hashable {
        let method: String
        let route: String
        let status: Int
    }

    private struct Found: Sendable {
        var requests: [Outcome: Counter] = [:]
        var durations: [String: Metrics.Timer] = [:]
    }

    /// More outcomes than this are looked up each time: methods are the caller's words.
    private static let maximumKept = 2_000
    private static let found = Mutex(Found())

    static func record(method: HTTPRequest.Method, route: String, status: Int, elapsed: Duration) {
        let outcome = Outcome(method: method.rawValue, route: route, status: status)
        let (requests, duration) = found.withLock { found in (found.requests[outcome], found.durations[route]) }
        (requests ?? keep(outcome)).increment()
        (duration ?? keep(route)).record(duration: elapsed)
    }

    private static func keep(_ outcome: Outcome) -> Counter {
        let counter = Counter(
            label: "switchboard_http_requests_total",
            dimensions: [
                ("method", outcome.method), ("route", outcome.route), ("status", String(outcome.status)),
            ])
        found.withLock { found in
            if found.requests.count < maximumKept { found.requests[outcome] = counter }
        }
        return counter
    }

    private static func keep(_ route: String) -> Metrics.Timer {
        let timer = Metrics.Timer(label: "switchboard_http_request_duration_seconds", dimensions: [("route", route)])
        found.withLock { found in
            if found.durations.count < maximumKept { found.durations[route] = timer }
        }
        return timer
    }
}
