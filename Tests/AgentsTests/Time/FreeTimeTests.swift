import Foundation
import Testing

@testable import Agents

@Suite struct FreeTimeTests {
    private func span(_ start: Int, _ end: Int) -> DateSpan {
        DateSpan(start: Date(timeIntervalSince1970: Double(start)), end: Date(timeIntervalSince1970: Double(end)))
    }

    @Test func findsTheGaps() {
        let gaps = FreeTime.gaps(in: [span(0, 100)], busy: [span(30, 40), span(10, 20), span(35, 60)], atLeast: 10)
        #expect(gaps == [span(0, 10), span(20, 30), span(60, 100)])
        #expect(FreeTime.gaps(in: [span(0, 100)], busy: [span(-5, 200)], atLeast: 1).isEmpty)
        #expect(FreeTime.gaps(in: [span(0, 100)], busy: [span(50, 50)], atLeast: 1) == [span(0, 100)])
        #expect(FreeTime.gaps(in: [], busy: [span(0, 1)], atLeast: 0).isEmpty)
    }

    /// Against a calendar that is looked at second by second.
    @Test func agreesWithCountingEverySecond() {
        var generator = SeededRandom(seed: 11)
        for _ in 0..<500 {
            let windows = (0..<Int.random(in: 0...4, using: &generator)).map { _ in random(&generator) }
            let busy = (0..<Int.random(in: 0...8, using: &generator)).map { _ in random(&generator) }
            let minimum = Int.random(in: 1...12, using: &generator)
            let gaps = FreeTime.gaps(in: windows, busy: busy, atLeast: Double(minimum))
            #expect(gaps == counted(windows, busy, minimum))
            for (gap, next) in zip(gaps, gaps.dropFirst()) { #expect(gap.end < next.start) }
        }
    }

    private func random(_ generator: inout SeededRandom) -> DateSpan {
        let start = Int.random(in: 0...110, using: &generator)
        return span(start, start + Int.random(in: 0...25, using: &generator))
    }

    private func counted(_ windows: [DateSpan], _ busy: [DateSpan], _ minimum: Int) -> [DateSpan] {
        func covers(_ spans: [DateSpan], _ second: Int) -> Bool {
            let moment = Date(timeIntervalSince1970: Double(second))
            return spans.contains { $0.start <= moment && moment < $0.end }
        }
        var gaps: [DateSpan] = []
        var start: Int?
        for second in 0...140 {
            if covers(windows, second), !covers(busy, second) {
                start = start ?? second
            } else if let from = start {
                if second - from >= minimum { gaps.append(span(from, second)) }
                start = nil
            }
        }
        return gaps
    }
}

/// Random numbers that are the same in every run.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
