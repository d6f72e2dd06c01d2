public import Foundation
public import Logging
public import Mongo
import Synchronization
import Tenancy

/// Conversations and their messages.
///
/// Every method takes a `TenantScope` and sees through it what the caller may see; everything else answers exactly like
/// what does not exist. One instance serves a process; any number of processes may share a database.
///
/// Errors: `NotFound`, `Forbidden`, `InvalidFields`, `VersionMismatch`, `StoreConflict`, `Overloaded` of Tenancy,
/// ``ConversationError``, and `MongoError` from reads.
public final class ConversationStore: Sendable {
    let client: MongoClient
    let conversations: MongoCollection
    let messages: MongoCollection
    let readMarks: MongoCollection
    /// The agents' turns.
    public let turns: TurnStore
    /// What the agents did in their turns.
    public let journal: ToolJournalStore
    /// The tool calls that wait for a decision.
    public let approvals: ApprovalStore
    /// What was said in the older parts of conversations.
    public let summaries: SummaryStore
    let commit: GroupCommit
    let follower: MetadataFollower
    let configuration: ConversationConfiguration
    let logger: Logger
    let onChange: @Sendable ([ConversationPlace]) async -> Void
    let onEvent: @Sendable (ConversationEvent) -> Void
    let onDelete: @Sendable ([ConversationPlace]) async -> Void
    let onRemove: @Sendable ([ConversationPlace]) async throws -> Void
    let onErase: @Sendable (UUID, [UUID]) async throws -> Void
    let isWatched: @Sendable (UUID) -> Bool
    private let known: KnownConversations

    /// A store in `database`, which ``ConversationSchema/apply(_:)`` has prepared.
    /// - Parameters:
    ///   - onChange: hears which conversations' messages have changed, after that is durable and before anybody else is
    ///     told: what was made of them before is out of date. Writers wait for it.
    ///   - onDelete: hears of conversations that are not there any more. Who deletes waits for it.
    ///   - onRemove: removes what other stores keep of conversations that were deleted. Called right after a deletion, and
    ///     once more, until it does not throw, before the last trace of the conversation goes.
    ///   - onErase: removes what other stores made of messages of a company that were deleted, by their ids. Called right
    ///     after a deletion, where a failure is only noted, and once more, until it does not throw, a few minutes later.
    ///   - isWatched: whether a company's programs want to be told of what happens: its changes carry marks then
    ///     (``News``). Called at every change: must be quick and must not block.
    ///   - onEvent: hears of everything that happened, after it is durable. Called in between: must be quick and must not
    ///     block.
    public init(
        client: MongoClient, database: MongoDatabase? = nil,
        configuration: ConversationConfiguration = ConversationConfiguration(), logger: Logger,
        onChange: @escaping @Sendable ([ConversationPlace]) async -> Void = { _ in },
        onDelete: @escaping @Sendable ([ConversationPlace]) async -> Void = { _ in },
        onRemove: @escaping @Sendable ([ConversationPlace]) async throws -> Void = { _ in },
        onErase: @escaping @Sendable (_ companyId: UUID, _ messageIds: [UUID]) async throws -> Void = { _, _ in },
        isWatched: @escaping @Sendable (UUID) -> Bool = { _ in false },
        onEvent: @escaping @Sendable (ConversationEvent) -> Void = { _ in }
    ) {
        let database = database ?? client.database()
        let known = KnownConversations(capacity: configuration.remembered, lifetime: configuration.beliefTime)
        self.client = client
        self.configuration = configuration
        self.logger = logger
        self.onChange = onChange
        self.onDelete = onDelete
        self.onRemove = onRemove
        self.onErase = onErase
        self.isWatched = isWatched
        self.onEvent = onEvent
        self.known = known
        // What the primary has is enough: metadata follows durable messages, so that even metadata which an election
        // takes back named a message that stays; and everybody sees at once what was just written.
        conversations = database.collection(ConversationSchema.conversations).with(readConcern: .local)
        messages = database.collection(ConversationSchema.messages)
        readMarks = database.collection(ConversationSchema.readMarks).with(readConcern: .local)
        turns = TurnStore(database)
        journal = ToolJournalStore(database)
        approvals = ApprovalStore(database)
        summaries = SummaryStore(database)
        follower = MetadataFollower(conversations: conversations, logger: logger, onVanished: { known.forget($0) })
        commit = GroupCommit(
            writer: BatchWriter(
                messages: messages, follower: follower, lookupTime: configuration.lookupTime, logger: logger,
                onChange: onChange),
            configuration: configuration,
            onStored: { audience, messages in
                guard let first = messages.first?.message else { return }
                onEvent(
                    ConversationEvent(
                        companyId: first.companyId, conversationId: first.conversationId, audience: audience,
                        change: .messagesAppended(messages)))
            },
            onVanished: { known.forget($0) })
    }

    /// Takes no more messages in, and returns when those on their way are settled.
    public func shutdown() async { await commit.close() }

    // MARK: Looking through a scope

    /// The conversation as it is stored now.
    /// - Throws: `NotFound`.
    func visible(_ id: UUID, in scope: TenantScope) async throws -> Conversation {
        guard let document = try await conversations.findOne(scope.filter(id: id)) else {
            forget(ConversationKey(companyId: scope.companyId, conversationId: id))
            throw NotFound("conversation")
        }
        let conversation = try Conversation(document)
        remember(conversation)
        return conversation
    }

    /// Who sees the conversation, believed for a short time: enough to append, which notices a conversation that is
    /// gone.
    /// - Throws: `NotFound`.
    func audience(of key: ConversationKey, in scope: TenantScope) async throws -> Audience {
        if let audience = known.audience(of: key) {
            guard scope.sees(audience) else { throw NotFound("conversation") }
            return audience
        }
        return try await visible(key.conversationId, in: scope).audience
    }

    func remember(_ conversation: Conversation) {
        let key = ConversationKey(companyId: conversation.companyId, conversationId: conversation.id)
        known.remember(conversation.audience, of: key)
        // Metadata follows durable messages, so that it may be behind but never ahead.
        let timestamp = conversation.lastMessageAt ?? .distantPast
        commit.learn(Head(seq: conversation.messageCount, timestamp: timestamp), for: key)
    }

    func forget(_ key: ConversationKey) {
        known.forget(key)
        commit.forgetHead(of: key)
    }
}

/// Names a conversation and the company it belongs to.
public struct ConversationPlace: Sendable, Hashable {
    /// The company.
    public let companyId: UUID
    /// The conversation.
    public let conversationId: UUID

    /// A conversation of a company.
    public init(companyId: UUID, conversationId: UUID) {
        self.companyId = companyId
        self.conversationId = conversationId
    }

    init(_ key: ConversationKey) {
        self.init(companyId: key.companyId, conversationId: key.conversationId)
    }
}

/// Which conversations exist and who sees them, believed for a short time.
final class KnownConversations: Sendable {
    private let cache: Mutex<RecentCache<ConversationKey, (Audience, ContinuousClock.Instant)>>
    private let lifetime: Duration

    init(capacity: Int, lifetime: Duration) {
        cache = Mutex(RecentCache(capacity: capacity))
        self.lifetime = lifetime
    }

    func audience(of key: ConversationKey) -> Audience? {
        cache.withLock { cache in
            guard let (audience, since) = cache.value(for: key) else { return nil }
            if ContinuousClock.now - since < lifetime { return audience }
            cache.remove(key)
            return nil
        }
    }

    func remember(_ audience: Audience, of key: ConversationKey) {
        cache.withLock { $0.insert((audience, .now), for: key) }
    }

    func forget(_ key: ConversationKey) { cache.withLock { $0.remove(key) } }
}
