import Cache
import Conversations
import Foundation
import Tenancy

/// One reader of a company's feed: what the caller may see of all conversations, for inboxes.
struct CompanyStream: StreamReader {
    private static let pageSize = 200

    let scope: TenantScope
    let feed: EventFeed
    let conversations: ConversationStore
    var line: StreamLine
    /// The last entry that the reader knows of; nil when that is not known.
    var place: FeedID?
    /// Whether the reader is to be told to look at the lists again.
    var needsResync: Bool
    var end: String?
    var owesCatchUp = false
    /// What the newest conversations looked like when the store was asked last.
    private var lately: Int?
    /// The last messages that were told, by which one that is published once more is known.
    private var told = RecentMessages()

    /// - Parameter cursor: nil for from now on. An unreadable one is too old.
    init(
        scope: TenantScope, feed: EventFeed, conversations: ConversationStore, line: StreamLine, cursor: String?
    ) {
        self.scope = scope
        self.feed = feed
        self.conversations = conversations
        self.line = line
        place = cursor.flatMap { FeedID($0) }
        needsResync = cursor != nil && place == nil
    }

    func subscribe() async -> FeedSubscription { await feed.subscribe(scope: scope, buffer: StreamLine.buffer) }

    mutating func begin() async throws { try await catchUp() }

    mutating func catchUp() async throws {
        owesCatchUp = false
        do {
            if place == nil { place = try await last() } else { try await tellMissed() }
        } catch is RedisUnavailable {
            owesCatchUp = true
        }
        if needsResync { resync() }
    }

    mutating func take(_ entry: FeedEntry) async throws {
        if let place, entry.id <= place { return }
        place = entry.id
        tell(entry)
    }

    /// While Redis is away nothing says what happened: the reader is told to look when the newest conversations look
    /// different.
    mutating func poll() async throws {
        guard !feed.isConnected else {
            lately = nil
            return
        }
        guard let page = try? await conversations.list(ConversationFilter(), PageRequest(limit: 20), in: scope) else {
            return
        }
        var hasher = Hasher()
        for conversation in page.items {
            hasher.combine(conversation.id)
            hasher.combine(conversation.version)
            hasher.combine(conversation.messageCount)
        }
        let now = hasher.finalize()
        if now != lately { resync() }
        lately = now
    }

    private mutating func resync() {
        needsResync = false
        line.frames.event("resync", id: place?.description, data: Array("{}".utf8))
    }

    private mutating func tell(_ entry: FeedEntry) {
        if entry.event.type == "message.created", !told.insert(entry.event), entry.event.isRepeat { return }
        line.frames.event(
            entry.event.type, id: entry.event.isPassing ? nil : entry.id.description, data: entry.event.payload)
    }

    /// Tells what came after ``place``; when the feed does not reach back that far the reader has to look itself.
    private mutating func tellMissed() async throws {
        while let from = place {
            let page = try await read(after: from)
            if page.tooOld {
                place = try await last()
                needsResync = true
                return
            }
            for entry in page.entries where !entry.event.isPassing {
                tell(entry)
                if line.frames.isLarge { try await line.flush() }
            }
            place = page.lastId
            try await line.flush()
            if page.isEnd { return }
        }
    }

    private func read(after place: FeedID) async throws(RedisUnavailable) -> FeedPage {
        do {
            return try await feed.read(scope: scope, after: place, limit: Self.pageSize)
        } catch {
            throw RedisUnavailable()
        }
    }

    private func last() async throws(RedisUnavailable) -> FeedID {
        do {
            return try await feed.lastId(scope: scope)
        } catch {
            throw RedisUnavailable()
        }
    }
}
