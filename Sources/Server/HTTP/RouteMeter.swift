import HTTPTypes
import Metrics
import Synchronization

/// Counts and times of the requests for one path. Labels are the path as the route names it, never the address as it
/// came, so that their number is bounded.
///
/// Finding a metric by its labels costs more than counting, so the found ones are kept here.
final class RouteMeter: Sendable {
    private struct Outcome {
        let method: HTTPRequest.Method
        let status: Int
        let requests: Counter
    }

    private struct Found {
        var outcomes: [Outcome] = []
        var duration: Metrics.Timer?
    }

    /// More outcomes than this are looked up each time: methods are the caller's words.
    private static let maximumKept = 50

    private let route: String
    private let found = Mutex(Found())

    init(_ route: String) { self.route = route }

    func record(method: HTTPRequest.Method, status: Int, elapsed: Duration) {
        let (requests, duration) = found.withLock { found in
            (found.outcomes.first { $0.status == status && $0.method == method }?.requests, found.duration)
        }
        (requests ?? count(method, status)).increment()
        (duration ?? time()).record(duration: elapsed)
    }

    private func count(_ method: HTTPRequest.Method, _ status: Int) -> Counter {
        let counter = Counter(
            label: "switchboard_http_requests_total",
            dimensions: [("method", method.rawValue), ("route", route), ("status", String(status))])
        found.withLock { found in
            guard found.outcomes.count < Self.maximumKept else { return }
            found.outcomes.append(Outcome(method: method, status: status, requests: counter))
        }
        return counter
    }

    private func time() -> Metrics.Timer {
        let timer = Metrics.Timer(label: "switchboard_http_request_duration_seconds", dimensions: [("route", route)])
        found.withLock { $0.duration = timer }
        return timer
    }
}
