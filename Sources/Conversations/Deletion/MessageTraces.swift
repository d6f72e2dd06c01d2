import Foundation
import Mongo

/// How what was made of a message elsewhere goes when the message is deleted.
///
/// 1. The write that blanks the message also marks it with the time, `tracesSince`.
/// 2. What other stores made of it is removed at once. A failure is noted, and is none of the deletion's.
/// 3. The mark stays until a turn that had read the message is certainly over. Then ``ConversationSweeper`` has all of it
///    removed once more, and takes the mark away.
///
/// A process that ends at any point leaves a mark, and the sweeper of any other goes on.
extension ConversationStore {
    static let traceMark = "tracesSince"
    /// For how long a turn may still write what it read of a message that is deleted meanwhile, in seconds.
    static let traceSeconds: TimeInterval = 180
    /// Messages of one company that are worked off together.
    private static let traceBatch = 200

    /// Removes what other stores made of a deleted message, as far as it is there now.
    func removeTracesNow(of message: Message) async {
        do { try await onErase(message.companyId, [message.id]) } catch {
            logger.warning("what was made of a deleted message is left to the sweeper", metadata: ["error": "\(error)"])
        }
    }

    /// Ends the deletion of messages that were marked before `date`.
    /// - Returns: how many lost their mark.
    /// - Throws: `MongoError`, and what removing throws.
    func sweepTraces(before date: Date) async throws -> Int {
        let marked = try await messages.find(
            ["companyId": .everyCompany, Self.traceMark: ["$lte": .date(date)]], limit: Self.traceBatch,
            projection: ["_id": 1, "companyId": 1, "conversationId": 1], hint: ConversationIndexes.traces)
        let found = marked.compactMap { document -> (key: ConversationKey, id: UUID)? in
            guard let id = document.uuid("_id"), let companyId = document.uuid("companyId"),
                let conversationId = document.uuid("conversationId")
            else { return nil }
            return (ConversationKey(companyId: companyId, conversationId: conversationId), id)
        }
        for (companyId, messages) in Dictionary(grouping: found, by: \.key.companyId) {
            try await onErase(companyId, messages.map(\.id))
        }
        for (key, messages) in Dictionary(grouping: found, by: \.key) {
            var filter = key.filter
            filter.append("_id", ["$in": .array(messages.map { .uuid($0.id) })])
            _ = try await self.messages.update(many: filter, ["$unset": .document([Self.traceMark: 1])])
        }
        return found.count
    }
}
