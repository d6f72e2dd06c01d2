import CoreMetrics
import Synchronization

/// Keeps every metric of the process and writes them as Prometheus text (exposition format 0.0.4).
public final class PrometheusRegistry: Sendable {
    /// The upper bounds of the time buckets, in seconds.
    static let buckets: [Double] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
    /// More series than this are not kept: a label that grows without bound must not eat the memory.
    static let maximumSeries = 5000

    struct Key: Hashable {
        let name: String
        let labels: String
    }

    struct Store {
        var counters: [Key: PrometheusCounter] = [:]
        var gauges: [Key: PrometheusGauge] = [:]
        var histograms: [Key: PrometheusHistogram] = [:]
        var count: Int { counters.count + gauges.count + histograms.count }
    }

    private let store = Mutex(Store())

    /// An empty registry.
    public init() {}

    func counter(_ label: String, _ dimensions: [(String, String)]) -> PrometheusCounter {
        find(label, dimensions, in: \.counters) { PrometheusCounter() }
    }

    func gauge(_ label: String, _ dimensions: [(String, String)]) -> PrometheusGauge {
        find(label, dimensions, in: \.gauges) { PrometheusGauge() }
    }

    func histogram(_ label: String, _ dimensions: [(String, String)]) -> PrometheusHistogram {
        find(label, dimensions, in: \.histograms) { PrometheusHistogram() }
    }

    private func find<Metric: Sendable>(
        _ label: String, _ dimensions: [(String, String)],
        in path: any WritableKeyPath<Store, [Key: Metric]> & Sendable,
        _ make: () -> Metric
    ) -> Metric {
        let key = Key(name: Self.name(label), labels: Self.labels(dimensions))
        return store.withLock { store in
            if let metric = store[keyPath: path][key] { return metric }
            let metric = make()
            if store.count < Self.maximumSeries { store[keyPath: path][key] = metric }
            return metric
        }
    }

    /// All metrics as text.
    public func text() -> String {
        let (counters, gauges, histograms) = store.withLock { ($0.counters, $0.gauges, $0.histograms) }
        var lines: [String] = []
        write(counters, type: "counter", to: &lines) { key, counter in
            ["\(key.name)\(Self.braced(key.labels)) \(counter.value)"]
        }
        write(gauges, type: "gauge", to: &lines) { key, gauge in
            ["\(key.name)\(Self.braced(key.labels)) \(gauge.value)"]
        }
        write(histograms, type: "histogram", to: &lines) { key, histogram in histogram.lines(key) }
        return lines.joined(separator: "\n") + "\n"
    }

    private func write<Metric>(
        _ metrics: [Key: Metric], type: String, to lines: inout [String], _ format: (Key, Metric) -> [String]
    ) {
        var last = ""
        for (key, metric) in metrics.sorted(by: { ($0.key.name, $0.key.labels) < ($1.key.name, $1.key.labels) }) {
            if key.name != last { lines.append("# TYPE \(key.name) \(type)") }
            last = key.name
            lines += format(key, metric)
        }
    }

    static func braced(_ labels: String) -> String { labels.isEmpty ? "" : "{\(labels)}" }

    private static func name(_ label: String) -> String {
        String(label.map { $0.isASCII && ($0.isLetter || $0.isNumber) || $0 == ":" ? $0 : "_" })
    }

    private static func labels(_ dimensions: [(String, String)]) -> String {
        dimensions.map { name, value in
            let escaped = value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
            return "\(self.name(name))=\"\(escaped)\""
        }.joined(separator: ",")
    }
}
