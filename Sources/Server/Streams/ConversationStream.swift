import Cache
import Foundation
import Tenancy

/// One reader of one conversation: its messages as 1, 2, 3 …, each once, and what else happens in it.
///
/// The store is the truth about messages and the feed the hurry-up call. Edits and deletions that a reader missed come
/// from the feed; where the feed does not reach back that far the reader gets `resync`.
struct ConversationStream: StreamReader {
    /// Pages of the feed that are searched for missed edits before the reader is told `resync`.
    private static let pages = 8
    private static let pageSize = 500
    /// A client that comes with a bare `seq` has read the store just before: what was edited in these seconds is told
    /// again.
    private static let recentSeconds: UInt64 = 15

    let conversationId: UUID
    let scope: TenantScope
    let feed: EventFeed
    let replay: SharedReplay
    var line: StreamLine
    var order: MessageOrder
    /// Up to where in the feed the reader knows of edits and deletions; nil when that is not known.
    var place: FeedID?
    var end: String?
    var owesCatchUp = false

    init(
        conversationId: UUID, scope: TenantScope, feed: EventFeed, replay: SharedReplay, line: StreamLine,
        cursor: StreamCursor
    ) {
        self.conversationId = conversationId
        self.scope = scope
        self.feed = feed
        self.replay = replay
        self.line = line
        order = MessageOrder(after: cursor.seq)
        place = cursor.place
    }

    private var cursor: String { StreamCursor(seq: order.position, place: place).description }

    func subscribe() async -> FeedSubscription {
        await feed.subscribe(scope: scope, conversationId: conversationId, buffer: StreamLine.buffer)
    }

    mutating func begin() async throws {
        if place != nil { return try await catchUp() }
        do {
            let last = try await last()
            // By the clock of Redis alone. A gap there is none of this reader's, who asks for what the feed still has.
            _ = try await tellChanges(after: last.earlier(seconds: Self.recentSeconds), isEntry: false)
            place = max(place ?? .zero, last)
        } catch is RedisUnavailable {
            owesCatchUp = true
        }
        try await fill()
        await tellDrafts()
    }

    mutating func catchUp() async throws {
        owesCatchUp = false
        var isComplete = false
        do {
            let last = try await last()
            if let place { isComplete = try await tellChanges(after: place, isEntry: true) }
            if !isComplete { place = last }
        } catch is RedisUnavailable {
            // Redis is away again: what was missed is found out when it is back.
            owesCatchUp = true
            isComplete = true
        }
        try await fill()
        // Before what is being written: who reads the messages again forgets that.
        if end == nil, !isComplete { line.frames.event("resync", id: cursor, data: Array("{}".utf8)) }
        await tellDrafts()
    }

    mutating func poll() async throws { try await fill() }

    mutating func take(_ entry: FeedEntry) async throws {
        if let place, entry.id <= place { return }
        place = entry.id
        let event = entry.event
        switch event.type {
        case "message.created":
            switch order.receive(Int(event.seq ?? 0)) {
            case .send: tell(event)
            case .drop: break
            case .fill: try await fill()
            }
        case "message.updated", "message.deleted":
            let seq = Int(event.seq ?? 0)
            if order.receiveChange(of: seq) == .fill { try await fill() }
            if seq <= order.position { tell(event) }
        default: tell(event)
        }
    }

    private mutating func tell(_ event: FeedEvent) {
        guard event.isShown(to: scope) else { return }
        line.frames.event(event.type, id: event.isPassing ? nil : cursor, data: event.payload(for: scope.caller))
        if event.type == "conversation.deleted" { end = "the conversation was deleted" }
    }

    /// Tells what happened after `start` to messages that the reader has, and to the conversation.
    /// - Parameter isEntry: whether `start` is the place of an entry, so that a gap after it can be noticed.
    /// - Returns: whether that is all that happened; false when the feed does not reach back that far, or is too long.
    private mutating func tellChanges(after start: FeedID, isEntry: Bool) async throws -> Bool {
        var from = start
        for number in 0..<Self.pages {
            let page = try await read(after: from)
            for entry in page.entries where entry.event.conversationId == conversationId && end == nil {
                tellAgain(entry)
                if line.frames.isLarge { try await line.flush() }
            }
            if page.tooOld, isEntry || number > 0 { return false }
            from = page.lastId
            // Everything up to there was looked at: a cursor that moves on stays in the feed for longer.
            if page.isEnd, isEntry { place = max(place ?? .zero, from) }
            if page.isEnd { return true }
        }
        return false
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

    /// Messages themselves come from the store, as they are now.
    private mutating func tellAgain(_ entry: FeedEntry) {
        place = max(place ?? .zero, entry.id)
        switch entry.event.type {
        case "message.created", "conversation.created": break
        case "message.updated", "message.deleted":
            if Int(entry.event.seq ?? 0) <= order.position { tell(entry.event) }
        default:
            if !entry.event.isPassing { tell(entry.event) }
        }
    }

    /// Tells the messages that follow, from the store. When it does not answer they come later.
    private mutating func fill() async throws {
        var tries = 0
        while end == nil {
            let page: [SharedReplay.Entry]
            do {
                page = try await replay.messages(
                    after: order.position, of: conversationId, companyId: scope.companyId)
            } catch is NotFound {
                line.frames.event("conversation.deleted", data: Array("{\"id\":\"\(conversationId.lowercased)\"}".utf8))
                end = "the conversation was deleted"
                return
            } catch {
                return line.ticket.wantPoll(true)
            }
            for message in page where order.receive(message.seq) == .send {
                line.frames.event("message.created", id: cursor, data: message.payload(for: scope))
                if line.frames.isLarge { try await line.flush() }
            }
            try await line.flush()
            if page.count == SharedReplay.pageSize { continue }
            // A look-up shared with others may have begun before the message that this reader heard of was stored.
            guard order.isBehind, tries < 5 else { break }
            tries += 1
            try await Task.sleep(for: .milliseconds(10 * tries))
        }
        line.ticket.wantPoll(order.isBehind)
    }
}
