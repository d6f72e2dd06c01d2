import HTTPTypes
import Metrics

/// Counts and times of requests by route. Labels are the matched route, never the address as it came, so that their
/// number is bounded.
enum HTTPMetrics {
    static func record(method: HTTPRequest.Method, route: String, status: Int, elapsed: Duration) {
        let labels = [("method", method.rawValue), ("route", route), ("status", String(status))]
        Counter(label: "switchboard_http_requests_total", dimensions: labels).increment()
        Metrics.Timer(label: "switchboard_http_request_duration_seconds", dimensions: [("route", route)])
            .record(duration: elapsed)
    }
}
