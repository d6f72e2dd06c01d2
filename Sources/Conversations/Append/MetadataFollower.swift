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
/// (``ConversationStore/get(_:in:)`` looks at its last message); a list in this process first writes what rests of its
/// company, and waits for what somebody else is just writing; one in another process may be that much behind.
///
/// What could not be written is kept and goes with what rests. When the process ends before, the next message or the next
/// look at the conversation puts it right.
final class MetadataFollower: Sendable {
    /// How long to wait for MongoDB to be back before what it did not take is offered again.
    private static let patience = Duration.seconds(1)

    private let conversations: MongoCollection
    private let onVanished: @Sendable (ConversationKey) -> Void
    private let logger: Logger
    private let state = Mutex(State())

    private struct State {
        var pace = FollowerPace()
        /// The last writing of what rested: whoever finds nothing at rest may still have to wait for it.
        var writing: Task<Bool, Never>?
    }

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
        let (due, isTimerDue) = state.withLock { state in
            let due = state.pace.take(heads, now: .now)
            return (due, state.pace.startTimer())
        }
        if isTimerDue { Task { await writeLater() } }
        return await write(due) ?? []
    }

    /// How many conversations' metadata is behind.
    var behind: Int { state.withLock { $0.pace.resting.count } }

    /// Writes what rests, of one company or of all, and returns when that and what was taken up before is written.
    func settle(_ companyId: UUID? = nil) async { _ = await writeResting(of: companyId) }

    private func writeLater() async {
        var wait = FollowerPace.window
        repeat {
            try? await Task.sleep(for: wait)
            wait = await writeResting() ? FollowerPace.window : Self.patience
        } while state.withLock { !$0.pace.stopTimer() }
    }

    /// Returns whether MongoDB took it.
    private func writeResting(of companyId: UUID? = nil) async -> Bool {
        let task = state.withLock { state in
            let heads = state.pace.takeResting(of: companyId)
            guard !heads.isEmpty else { return state.writing }
            let before = state.writing
            let task = Task {
                _ = await before?.value
                let vanished = await write(heads)
                vanished?.forEach(onVanished)
                return vanished != nil
            }
            state.writing = task
            return task
        }
        return await task?.value ?? true
    }

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
            let isTimerDue = state.withLock { state in
                state.pace.rest(heads)
                return state.pace.startTimer()
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
