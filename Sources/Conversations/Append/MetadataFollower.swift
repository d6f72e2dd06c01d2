import Foundation
import Logging
import Mongo
import Synchronization

/// Lets `lastMessageAt` and `messageCount` of conversations follow their messages, with `$max`, so that order does not
/// matter and doing it twice does no harm; and notices conversations that are gone.
///
/// A conversation is written with its messages, before they are acknowledged. Only when many are written, those that
/// were written a moment ago rest for ``FollowerPace/window`` and then go together (``FollowerPace``): a lively
/// conversation is written a few times a second instead of once a batch. A single conversation is always shown as it is
/// (``ConversationStore/get(_:in:)`` looks at its last message); a list in this process writes what rests first, and one
/// in another process may be that much behind.
///
/// What could not be written is kept and goes with what rests. When the process ends before, the next message or the next
/// look at the conversation puts it right.
final class MetadataFollower: Sendable {
    /// How long to wait for MongoDB to be back before what it did not take is offered again.
    private static let patience = Duration.seconds(1)

    private let conversations: MongoCollection
    private let onVanished: @Sendable (ConversationKey) -> Void
    private let logger: Logger
    private let pace = Mutex(FollowerPace())

    /// - Parameter onVanished: hears of conversations that are found to be gone after their messages were acknowledged.
    init(
        conversations: MongoCollection, logger: Logger,
        onVanished: @escaping @Sendable (ConversationKey) -> Void = { _ in }
    ) {
        self.conversations = conversations
        self.logger = logger
        self.onVanished = onVanished
    }

    /// Writes the new last messages, or lets them rest; returns the conversations that are known not to exist any more.
    func follow(_ heads: [ConversationKey: Head]) async -> Set<ConversationKey> {
        let (due, isTimerDue) = pace.withLock { pace in
            let due = pace.take(heads, now: .now)
            return (due, pace.startTimer())
        }
        if isTimerDue { Task { await writeLater() } }
        return await write(due) ?? []
    }

    /// How many conversations' metadata is behind.
    var behind: Int { pace.withLock { $0.resting.count } }

    /// Writes what rests.
    func settle() async { await tellVanished(write(pace.withLock { $0.takeResting() })) }

    private func writeLater() async {
        var wait = FollowerPace.window
        repeat {
            try? await Task.sleep(for: wait)
            let vanished = await write(pace.withLock { $0.takeResting() })
            wait = vanished == nil ? Self.patience : FollowerPace.window
            tellVanished(vanished)
        } while pace.withLock { !$0.stopTimer() }
    }

    private func tellVanished(_ vanished: Set<ConversationKey>?) { vanished?.forEach(onVanished) }

    /// Returns the conversations that do not exist any more; nil when MongoDB did not take it.
    private func write(_ heads: [ConversationKey: Head]) async -> Set<ConversationKey>? {
        guard !heads.isEmpty else { return [] }
        do {
            let result = try await conversations.bulkWrite(
                heads.map(Self.update), ordered: false, durability: .acknowledged)
            guard result.matched < heads.count else { return [] }
            return try await missing(among: Array(heads.keys))
        } catch {
            logger.warning("the metadata of conversations is written later", metadata: ["error": "\(error)"])
            let isTimerDue = pace.withLock { pace in
                pace.rest(heads)
                return pace.startTimer()
            }
            if isTimerDue { Task { await writeLater() } }
            return nil
        }
    }

    private static func update(_ key: ConversationKey, _ head: Head) -> MongoWrite {
        .updateOne(
            filter: BSONDocument(capacity: 96) { writer in
                writer.append("_id", key.conversationId)
                writer.append("companyId", key.companyId)
                writer.appendNull("deletedAt")
            },
            update: BSONDocument(capacity: 128) { writer in
                writer.document("$max") { writer in
                    writer.append("metadata.messageCount", head.seq)
                    writer.append("metadata.lastMessageAt", head.timestamp)
                    writer.append("lastActivityAt", head.timestamp)
                }
            })
    }

    private func missing(among keys: [ConversationKey]) async throws -> Set<ConversationKey> {
        let found = try await conversations.find(
            ["_id": ["$in": .array(keys.map { .uuid($0.conversationId) })], "deletedAt": .null], limit: keys.count,
            projection: ["_id": 1, "companyId": 1])
        var missing = Set(keys)
        for document in found {
            if let id = document.uuid("_id"), let companyId = document.uuid("companyId") {
                missing.remove(ConversationKey(companyId: companyId, conversationId: id))
            }
        }
        return missing
    }
}
