public import Foundation

/// A stretch of time, its end not included.
public struct DateSpan: Sendable, Hashable {
    /// Its first moment.
    public var start: Date
    /// The first moment after it.
    public var end: Date

    /// From one moment to another.
    public init(start: Date, end: Date) {
        self.start = start
        self.end = end
    }

    /// In seconds; not negative.
    public var length: TimeInterval { max(0, end.timeIntervalSince(start)) }
}

/// Interval arithmetic.
enum FreeTime {
    /// The parts of `windows` that no busy span touches and that last at least `minimum` seconds, in order. Spans may
    /// overlap, repeat and come in any order; empty ones do not count.
    static func gaps(in windows: [DateSpan], busy: [DateSpan], atLeast minimum: TimeInterval) -> [DateSpan] {
        let busy = merged(busy)
        var gaps: [DateSpan] = []
        for window in merged(windows) {
            var place = window.start
            for span in busy where span.end > window.start && span.start < window.end {
                gaps.append(DateSpan(start: place, end: min(span.start, window.end)))
                place = max(place, span.end)
            }
            gaps.append(DateSpan(start: place, end: window.end))
        }
        return gaps.filter { $0.end > $0.start && $0.length >= minimum }
    }

    /// The same moments in as few spans as possible, in order.
    static func merged(_ spans: [DateSpan]) -> [DateSpan] {
        var result: [DateSpan] = []
        for span in spans.filter({ $0.end > $0.start }).sorted(by: { $0.start < $1.start }) {
            if let last = result.last, span.start <= last.end {
                result[result.count - 1].end = max(last.end, span.end)
            } else {
                result.append(span)
            }
        }
        return result
    }
}
