import Foundation

/// A message's text made ready for the mention scanner: canonically composed, every kind of at sign as `@`,
/// ignorable characters left out, with a map back to the stored text.
struct PreparedText {
    /// Scalars that are scanned; a longer text is data for the agent, but cannot mention (docs/agents.md).
    static let scanLimit = 8_000
    /// Longest run of marks composed at once, so that composing stays linear (the bound of UAX #15's stream-safe form).
    private static let longestComposition = 32

    /// The whole stored text.
    let stored: [Unicode.Scalar]
    private(set) var scalars: [Unicode.Scalar] = []
    /// Where in `stored` each prepared scalar begins and ends.
    private(set) var origins: [Int] = []
    private(set) var ends: [Int] = []
    private(set) var steps = 0

    init(_ text: String) {
        stored = Array(text.unicodeScalars)
        let limit = min(stored.count, Self.scanLimit)
        scalars.reserveCapacity(limit)
        origins.reserveCapacity(limit)
        ends.reserveCapacity(limit)
        var index = 0
        while index < limit {
            var end = index + 1
            while end < limit, end - index < Self.longestComposition, stored[end].isCombiningMark { end += 1 }
            steps += end - index
            append(index..<end)
            index = end
        }
    }

    private mutating func append(_ range: Range<Int>) {
        let first = stored[range.lowerBound]
        if range.count == 1, first.isASCII || !first.properties.isFullCompositionExclusion {
            append(first, range)
            return
        }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: stored[range])
        let composed = Array(String(text).precomposedStringWithCanonicalMapping.unicodeScalars)
        guard composed.count != range.count else {
            for (offset, scalar) in composed.enumerated() {
                append(scalar, range.lowerBound + offset..<range.lowerBound + offset + 1)
            }
            return
        }
        for scalar in composed { append(scalar, range) }
    }

    private mutating func append(_ scalar: Unicode.Scalar, _ range: Range<Int>) {
        guard !scalar.isIgnoredInMentions else { return }
        scalars.append(scalar == "\u{FF20}" || scalar == "\u{FE6B}" ? "@" : scalar)
        origins.append(range.lowerBound)
        ends.append(range.upperBound)
    }

    /// A part of the stored text, by scalar offsets.
    func text(_ range: Range<Int>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: stored[range])
        return String(view)
    }
}
