import Cache
import Foundation

/// The last messages of a feed that a reader was told, by conversation and `seq`. Bounded; empty for an idle reader.
struct RecentMessages: Sendable {
    static let capacity = 64

    private struct Key: Sendable, Hashable {
        let conversationId: UUID
        let seq: Int64
    }

    private var keys: [Key] = []
    private var next = 0

    /// Notes a message; false when it was there.
    mutating func insert(_ event: FeedEvent) -> Bool {
        guard let conversationId = event.conversationId, let seq = event.seq else { return true }
        let key = Key(conversationId: conversationId, seq: seq)
        if event.isRepeat, keys.contains(key) { return false }
        if keys.count < Self.capacity {
            keys.append(key)
        } else {
            keys[next] = key
            next = (next + 1) % Self.capacity
        }
        return true
    }
}
