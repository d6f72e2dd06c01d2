import Cache
import Foundation

/// Which of a company's people have streams open in this process, and what came and went. No input or output.
struct PresenceBook: Sendable {
    /// A stream of a person.
    struct Stream: Sendable, Hashable {
        let companyId: UUID
        let userId: UUID
        /// The conversation that is followed; nil for the company's feed, and for one that is the person's own.
        let conversationId: UUID?
    }

    private var counts: [Stream: Int] = [:]
    private var changed: Set<Stream> = []

    mutating func open(_ stream: Stream) {
        counts[stream, default: 0] += 1
        if counts[stream] == 1 { changed.insert(stream) }
    }

    mutating func close(_ stream: Stream) {
        let left = (counts[stream] ?? 1) - 1
        counts[stream] = left > 0 ? left : nil
        if left <= 0 { changed.insert(stream) }
    }

    /// What came or went since this was asked last, by company: streams that are there and streams that are not.
    mutating func takeChanges() -> [UUID: (come: [Stream], gone: [Stream])] {
        defer { changed = [] }
        return Dictionary(grouping: changed, by: \.companyId).mapValues { streams in
            (streams.filter { counts[$0] != nil }, streams.filter { counts[$0] == nil })
        }
    }

    /// All that is there, by company.
    var all: [UUID: [Stream]] { Dictionary(grouping: counts.keys, by: \.companyId) }

    /// What is there of one company.
    func streams(of companyId: UUID) -> [Stream] { counts.keys.filter { $0.companyId == companyId } }
}
