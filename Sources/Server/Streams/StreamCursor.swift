import Cache

/// Where a reader of a conversation's stream stands: the last `seq` it got, and the place in the company's feed up to
/// which it knows of edits and deletions. Written `seq` or `seq@place`.
struct StreamCursor: Sendable, Hashable, LosslessStringConvertible {
    var seq: Int
    var place: FeedID?

    init(seq: Int, place: FeedID? = nil) {
        self.seq = seq
        self.place = place
    }

    init?(_ description: String) {
        let parts = description.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, (1...18).contains(first.utf8.count),
            first.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let seq = Int(first)
        else { return nil }
        self.seq = seq
        guard parts.count == 2 else { return }
        guard let place = FeedID(String(parts[1])) else { return nil }
        self.place = place
    }

    var description: String { place.map { "\(seq)@\($0)" } ?? String(seq) }
}
