import Foundation
import Mongo

/// How what was made of a message goes when the message is deleted or changed: what other stores keep because of it, and
/// the conversation's summary.
///
/// 1. The write that blanks or changes the message also marks it with the time, `tracesSince`.
/// 2. What was made of it is removed at once. A failure is noted, and is none of the deletion's.
/// 3. The mark stays until a turn that had read the message is certainly over. Then ``ConversationSweeper`` has all of it
///    removed once more, and takes the mark away.
///
/// A process that ends at any point leaves a mark, and the sweeper of any other goes on. A change of the text alone makes
/// the summary void and leaves what other stores keep.
extension ConversationStore {
    static let traceMark = "tracesSince"
    /// For how long a turn may still write what it read of a message that is deleted meanwhile, in seconds.
    static let traceSeconds: TimeInterval = 180
    /// Messages that are worked off together.
    private static let traceBatch = 200

    /// Removes what was made of a message that was just deleted or changed, as far as it is there now.
    func removeTracesNow(of message: Message) async {
        do {
            try await summaries.invalidate(
                ConversationKey(companyId: message.companyId, conversationId: message.conversationId), seq: message.seq)
            if message.deletedAt != nil { try await onErase(message.companyId, [message.id]) }
        } catch {
            logger.warning("what was made of a message is left to the sweeper", metadata: ["error": "\(error)"])
        }
    }

    private struct Marked {
        var key: ConversationKey
        var id: UUID
        var seq: Int
        var since: Date
        var isDeleted: Bool

        init?(_ document: BSONDocument) {
            guard let id = document.uuid("_id"), let companyId = document.uuid("companyId"),
                let conversationId = document.uuid("conversationId"), let seq = document.int("seq"),
                let since = document.date(ConversationStore.traceMark)
            else { return nil }
            self.key = ConversationKey(companyId: companyId, conversationId: conversationId)
            self.id = id
            self.seq = seq
            self.since = since
            isDeleted = document.date("deletedAt") != nil
        }
    }

    /// Ends the removal of what was made of messages that were marked before `date`.
    /// - Returns: how many lost their mark.
    /// - Throws: `MongoError`, and what removing throws.
    func sweepTraces(before date: Date) async throws -> Int {
        let marked = try await messages.find(
            ["companyId": .everyCompany, Self.traceMark: ["$lte": .date(date)]], limit: Self.traceBatch,
            projection: ["companyId": 1, "conversationId": 1, "seq": 1, "deletedAt": 1, Self.traceMark: 1],
            hint: ConversationIndexes.traces
        ).compactMap { Marked($0) }
        for (companyId, messages) in Dictionary(grouping: marked.filter(\.isDeleted), by: \.key.companyId) {
            try await onErase(companyId, messages.map(\.id))
        }
        for (key, messages) in Dictionary(grouping: marked, by: \.key) {
            for message in messages {
                try await summaries.invalidate(key, seq: message.seq, changedAt: message.since)
            }
            var filter = key.filter
            filter.append("_id", ["$in": .array(messages.map { .uuid($0.id) })])
            filter.append(Self.traceMark, ["$lte": .date(date)])
            _ = try await self.messages.update(many: filter, ["$unset": .document([Self.traceMark: 1])])
        }
        return marked.count
    }
}
