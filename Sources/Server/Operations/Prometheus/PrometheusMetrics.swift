import CoreMetrics
import Synchronization

/// A number that only grows.
final class PrometheusCounter: CounterHandler {
    private let count = Atomic<Int64>(0)
    var value: Int64 { count.load(ordering: .relaxed) }
    func increment(by amount: Int64) { count.add(amount, ordering: .relaxed) }
    func reset() { count.store(0, ordering: .relaxed) }
}

/// A number that goes up and down.
final class PrometheusGauge: RecorderHandler, MeterHandler {
    private let number = Mutex(0.0)
    var value: Double { number.withLock { $0 } }
    func record(_ value: Int64) { set(Double(value)) }
    func record(_ value: Double) { set(value) }
    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { number.withLock { $0 = value } }
    func increment(by amount: Double) { number.withLock { $0 += amount } }
    func decrement(by amount: Double) { number.withLock { $0 -= amount } }
}

/// How times are spread, in the buckets of ``PrometheusRegistry/buckets``.
final class PrometheusHistogram: TimerHandler {
    private struct State {
        var counts = [Int64](repeating: 0, count: PrometheusRegistry.buckets.count + 1)
        var sum = 0.0
    }

    private let state = Mutex(State())

    func recordNanoseconds(_ duration: Int64) {
        let seconds = Double(duration) / 1_000_000_000
        let bucket = PrometheusRegistry.buckets.firstIndex { seconds <= $0 } ?? PrometheusRegistry.buckets.count
        state.withLock { state in
            state.counts[bucket] += 1
            state.sum += seconds
        }
    }

    func lines(_ key: PrometheusRegistry.Key) -> [String] {
        let state = state.withLock { $0 }
        let separator = key.labels.isEmpty ? "" : ","
        var lines: [String] = []
        var total: Int64 = 0
        for (index, count) in state.counts.enumerated() {
            total += count
            let bound = index < PrometheusRegistry.buckets.count ? "\(PrometheusRegistry.buckets[index])" : "+Inf"
            lines.append("\(key.name)_bucket{\(key.labels)\(separator)le=\"\(bound)\"} \(total)")
        }
        lines.append("\(key.name)_sum\(PrometheusRegistry.braced(key.labels)) \(state.sum)")
        lines.append("\(key.name)_count\(PrometheusRegistry.braced(key.labels)) \(total)")
        return lines
    }
}

/// Makes swift-metrics write into a ``PrometheusRegistry``.
public struct PrometheusFactory: MetricsFactory {
    private let registry: PrometheusRegistry

    /// A factory for `registry`.
    public init(registry: PrometheusRegistry) { self.registry = registry }

    /// The counter of that name and those labels.
    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        registry.counter(label, dimensions)
    }

    /// The gauge of that name; aggregation over time is Prometheus' work, so a recorder keeps its last value.
    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        registry.gauge(label, dimensions)
    }

    /// The gauge of that name and those labels.
    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        registry.gauge(label, dimensions)
    }

    /// The histogram of that name and those labels.
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        registry.histogram(label, dimensions)
    }

    /// Metrics live as long as the process.
    public func destroyCounter(_ handler: any CounterHandler) {}
    /// Metrics live as long as the process.
    public func destroyRecorder(_ handler: any RecorderHandler) {}
    /// Metrics live as long as the process.
    public func destroyMeter(_ handler: any MeterHandler) {}
    /// Metrics live as long as the process.
    public func destroyTimer(_ handler: any TimerHandler) {}
}
