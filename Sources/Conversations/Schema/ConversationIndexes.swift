import Mongo

/// The indexes. Every one begins with `companyId`; those of `messages` fit the shard key `{companyId, conversationId}`.
/// `conversations` and `idempotency` are small and fit `{companyId}` and `{scope}`.
enum ConversationIndexes {
    /// The referee of the append: one message for each place.
    static let seq = "seq"
    /// One message for each sender's own id.
    static let clientMessageId = "clientMessageId"
    static let tombstones = "tombstones"
    static let thread = "thread"
    /// Messages whose routing is still to be worked off.
    static let pendingRouting = "pendingRouting"
    /// Deleted messages of which something may be left elsewhere.
    static let traces = "traces"
    /// Messages that are still to be put into the outbox of a channel.
    static let pendingDelivery = "pendingDelivery"
    /// One reply for each turn.
    static let replyOfTurn = "replyOfTurn"
    /// Conversations whose customer waits for a person.
    static let waitingForPerson = "waitingForPerson"
    /// One running turn for each conversation.
    static let runningTurn = "running"
    /// One running turn for each of a company's places.
    static let turnSlot = "slot"
    static let readyTurns = "ready"
    static let unrecordedTurns = "unrecorded"
    static let openApprovals = "open"
    /// What companies' programs are still to be told of.
    static let news = "news"

    static let messages: [MongoIndex] = [
        MongoIndex(seq, ["companyId": 1, "conversationId": 1, "seq": 1], isUnique: true),
        MongoIndex(
            clientMessageId, ["companyId": 1, "conversationId": 1, "sender": 1, "clientMessageId": 1], isUnique: true,
            partialFilter: ["clientMessageId": ["$exists": true]]),
        MongoIndex(
            pendingRouting, ["companyId": 1, "conversationId": 1, "timestamp": 1],
            partialFilter: ["routing.state": "pending"]),
        MongoIndex(
            traces, ["companyId": 1, "conversationId": 1, "tracesSince": 1],
            partialFilter: ["tracesSince": ["$exists": true]]),
        MongoIndex(
            pendingDelivery, ["companyId": 1, "conversationId": 1, "seq": 1],
            partialFilter: ["delivery.state": "pending"]),
        MongoIndex(
            replyOfTurn, ["companyId": 1, "conversationId": 1, "turnId": 1], isUnique: true,
            partialFilter: ["turnId": ["$exists": true]]),
        // The id is there because no two indexes may have the same fields.
        MongoIndex(
            news, ["companyId": 1, "conversationId": 1, "seq": 1, "_id": 1], partialFilter: ["news": ["$exists": true]]),
    ]

    static let conversations: [MongoIndex] = [
        MongoIndex("activity", ["companyId": 1, "ownerId": 1, "metadata.status": 1, "lastActivityAt": -1, "_id": -1]),
        MongoIndex(
            "platform",
            ["companyId": 1, "ownerId": 1, "platform": 1, "metadata.status": 1, "lastActivityAt": -1, "_id": -1]),
        MongoIndex(
            "customer", ["companyId": 1, "customerId": 1, "lastActivityAt": -1, "_id": -1],
            partialFilter: ["customerId": ["$exists": true]]),
        MongoIndex(
            "assignee", ["companyId": 1, "assignee": 1, "lastActivityAt": -1, "_id": -1],
            partialFilter: ["assignee": ["$exists": true]]),
        MongoIndex(
            thread, ["companyId": 1, "threadOf": 1], isUnique: true, partialFilter: ["threadOf": ["$exists": true]]),
        MongoIndex(
            waitingForPerson, ["companyId": 1, "control.requestedAt": 1],
            partialFilter: ["control.requestedAt": ["$exists": true]]),
        MongoIndex(tombstones, ["companyId": 1, "deletedAt": 1], partialFilter: ["deletedAt": ["$exists": true]]),
        MongoIndex(news, ["companyId": 1, "_id": 1], partialFilter: ["news": ["$exists": true]]),
    ]

    static let turns: [MongoIndex] = [
        MongoIndex("trigger", ["companyId": 1, "triggerMessageId": 1, "agent": 1], isUnique: true),
        MongoIndex(
            runningTurn, ["companyId": 1, "conversationId": 1], isUnique: true, partialFilter: ["status": "running"]),
        MongoIndex(turnSlot, ["companyId": 1, "slot": 1], isUnique: true, partialFilter: ["status": "running"]),
        MongoIndex(
            readyTurns, ["companyId": 1, "notBefore": 1, "conversationId": 1], partialFilter: ["status": "queued"]),
        MongoIndex("conversation", ["companyId": 1, "conversationId": 1, "triggerSeq": 1, "ordinal": 1]),
        MongoIndex(
            unrecordedTurns, ["companyId": 1, "finishedAt": 1], partialFilter: ["record": ["$exists": true]]),
    ]

    static let toolCalls: [MongoIndex] = [
        MongoIndex("call", ["companyId": 1, "conversationId": 1, "turnId": 1, "callId": 1], isUnique: true)
    ]

    static let approvals: [MongoIndex] = [
        MongoIndex("list", ["companyId": 1, "ownerId": 1, "status": 1, "_id": -1]),
        MongoIndex("conversation", ["companyId": 1, "conversationId": 1]),
        MongoIndex(openApprovals, ["companyId": 1, "expiresAt": 1], partialFilter: ["isOpen": true]),
    ]

    static let summaries: [MongoIndex] = [
        MongoIndex("conversation", ["companyId": 1, "conversationId": 1], isUnique: true)
    ]

    static let readMarks: [MongoIndex] = [
        MongoIndex("mark", ["companyId": 1, "userId": 1, "conversationId": 1], isUnique: true),
        MongoIndex("conversation", ["companyId": 1, "conversationId": 1]),
    ]

    static let idempotency: [MongoIndex] = [
        MongoIndex("key", ["scope": 1, "key": 1], isUnique: true),
        MongoIndex("expiry", ["createdAt": 1], expireAfter: .seconds(24 * 3600)),
    ]
}
