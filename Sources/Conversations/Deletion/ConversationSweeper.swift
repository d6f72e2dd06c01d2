import Foundation
import JSON
public import Logging
import Mongo
public import ServiceLifecycle

/// Ends the deletion of conversations, and of messages, that were marked long enough ago (see
/// ``ConversationStore/delete(_:in:)`` and ``MessageTraces``).
///
/// Any number of processes may run one.
public struct ConversationSweeper: Service {
    /// Conversations in one sweep.
    static let batch = 200
    /// Messages of one conversation in one sweep.
    static let messages = 50_000

    private let store: ConversationStore
    private let interval: Duration
    private let lifetime: Duration
    private let logger: Logger

    /// A sweeper that looks every `interval`, but at most after a minute's tombstone.
    public init(_ store: ConversationStore, interval: Duration = .seconds(30), logger: Logger) {
        self.init(store, interval: interval, lifetime: max(store.configuration.tombstoneLifetime, .seconds(60)), logger)
    }

    init(_ store: ConversationStore, interval: Duration, lifetime: Duration, _ logger: Logger) {
        self.store = store
        self.interval = interval
        self.lifetime = lifetime
        self.logger = logger
    }

    /// Sweeps until the service group shuts down.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await attempt("conversations") { try await sweep() }
                await attempt("messages") { try await sweepMessages() }
                try? await Task.sleep(for: interval)
            }
        }
    }

    private func attempt(_ what: String, _ body: () async throws -> Int) async {
        do {
            let swept = try await body()
            if swept > 0 { logger.debug("deleted \(what) swept", metadata: ["count": "\(swept)"]) }
        } catch {
            logger.warning("sweeping deleted \(what) failed", metadata: ["error": "\(error)"])
        }
    }

    /// One sweep of messages; returns of how many nothing is left elsewhere.
    func sweepMessages(after seconds: TimeInterval = ConversationStore.traceSeconds) async throws -> Int {
        try await store.sweepTraces(before: Date().addingTimeInterval(-seconds))
    }

    /// One sweep; returns how many conversations are gone for good.
    func sweep() async throws -> Int {
        // One of which is still something to be told stays until it is.
        let due: BSONDocument = [
            "deletedAt": ["$lte": .date(Date().addingTimeInterval(-lifetime.seconds))], News.field: ["$exists": false],
        ]
        let marked = try await store.conversations.find(
            due, limit: Self.batch, projection: ["_id": 1, "companyId": 1],
            hint: ConversationIndexes.tombstones)
        var swept = 0
        for document in marked {
            guard let id = document.uuid("_id"), let companyId = document.uuid("companyId") else { continue }
            let key = ConversationKey(companyId: companyId, conversationId: id)
            guard try await MessageRemoval(messages: store.messages).remove(key, atMost: Self.messages) else {
                continue
            }
            try await store.removeTraces(of: key)
            _ = try await store.conversations.delete(one: [
                "_id": .uuid(id), "companyId": .uuid(companyId), "deletedAt": ["$exists": true],
            ])
            swept += 1
        }
        return swept
    }
}
