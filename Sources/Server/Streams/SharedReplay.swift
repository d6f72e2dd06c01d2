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
        private let payload: [UInt8]
        /// What a visitor sees, when that is less.
        private let visitorPayload: [UInt8]?

        init(_ message: Message) {
            seq = message.seq
            payload = message.encoded
            visitorPayload = message.isPlain ? nil : message.forVisitor.encoded
        }

        func payload(for scope: TenantScope) -> [UInt8] {
            scope.customerId == nil ? payload : visitorPayload ?? payload
        }
    }

    static let pageSize = 100

    private struct Key: Hashable {
        let companyId: UUID
        let conversationId: UUID
        let after: Int
    }

    let conversations: ConversationStore
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
                return page.messages.map { Entry($0) }
            }
            flights[key] = task
            return task
        }
        return try await task.value
    }
}
