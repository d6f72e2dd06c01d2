import Conversations
import Foundation
import JSON
import Synchronization
import Tenancy

/// Reads messages for streams. Readers who stand at the same place and ask at the same time share one look-up: a
/// thousand readers of one conversation cost as much as one.
final class SharedReplay: Sendable {
    /// A message as streams send it.
    struct Entry: Sendable {
        let seq: Int
        let payload: [UInt8]
    }

    static let pageSize = 200

    private struct Key: Hashable {
        let companyId: UUID
        let conversationId: UUID
        let after: Int
    }

    private let conversations: ConversationStore
    private let flights = Mutex<[Key: Task<[Entry], any Error>]>([:])

    init(conversations: ConversationStore) { self.conversations = conversations }

    /// The messages after `seq`, at most ``pageSize``. The caller has made sure that the reader may see them.
    /// - Throws: `NotFound` when the conversation is gone, `MongoError`.
    func messages(after seq: Int, of conversationId: UUID, companyId: UUID) async throws -> [Entry] {
        let key = Key(companyId: companyId, conversationId: conversationId, after: seq)
        let task = flights.withLock { flights in
            if let task = flights[key] { return task }
            let task = Task<[Entry], any Error> {
                defer { self.flights.withLock { $0[key] = nil } }
                let page = try await self.conversations.messages(
                    of: conversationId, at: .after(seq), limit: Self.pageSize, in: .forJob(companyId: companyId))
                return page.messages.map { Entry(seq: $0.seq, payload: $0.encoded) }
            }
            flights[key] = task
            return task
        }
        return try await task.value
    }

    /// The `seq` of the last message; 0 when there is none.
    /// - Throws: as ``messages(after:of:companyId:)``.
    func last(of conversationId: UUID, companyId: UUID) async throws -> Int {
        let page = try await conversations.messages(
            of: conversationId, at: .latest, limit: 1, in: .forJob(companyId: companyId))
        return page.messages.last?.seq ?? 0
    }
}
