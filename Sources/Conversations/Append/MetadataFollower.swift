import Foundation
import Logging
import Mongo
import Synchronization

/// Lets `lastMessageAt` and `messageCount` of conversations follow their messages, with `$max`, so that order does not
/// matter and doing it twice does no harm; and notices conversations that are gone.
///
/// What could not be written is kept and goes along with the next batch. When the process ends before, the next message
/// or the next look at the conversation puts it right.
final class MetadataFollower: Sendable {
    /// How many conversations may wait for MongoDB to be back.
    static let capacity = 10_000

    private let conversations: MongoCollection
    private let logger: Logger
    private let late = Mutex<[ConversationKey: Head]>([:])

    init(conversations: MongoCollection, logger: Logger) {
        self.conversations = conversations
        self.logger = logger
    }

    /// Writes the new last messages; returns the conversations that do not exist any more.
    func follow(_ heads: [ConversationKey: Head]) async -> Set<ConversationKey> {
        let late = late.withLock { late in
            defer { late = [:] }
            return late
        }
        let all = late.merging(heads) { $0.seq > $1.seq ? $0 : $1 }
        do {
            let result = try await conversations.bulkWrite(
                all.map(Self.update), ordered: false, durability: .acknowledged)
            guard result.matched < all.count else { return [] }
            return try await missing(among: Array(all.keys))
        } catch {
            logger.warning("the metadata of conversations is written later", metadata: ["error": "\(error)"])
            self.late.withLock { late in
                late.merge(all.prefix(Self.capacity - min(late.count, Self.capacity)).map { ($0.key, $0.value) }) {
                    $0.seq > $1.seq ? $0 : $1
                }
            }
            return []
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
