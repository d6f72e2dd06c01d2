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

    static let messages: [MongoIndex] = [
        MongoIndex(seq, ["companyId": 1, "conversationId": 1, "seq": 1], isUnique: true),
        MongoIndex(
            clientMessageId, ["companyId": 1, "conversationId": 1, "sender": 1, "clientMessageId": 1], isUnique: true,
            partialFilter: ["clientMessageId": ["$exists": true]]),
        MongoIndex(
            pendingRouting, ["companyId": 1, "conversationId": 1, "timestamp": 1],
            partialFilter: ["routing.state": "pending"]),
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
        MongoIndex(tombstones, ["companyId": 1, "deletedAt": 1], partialFilter: ["deletedAt": ["$exists": true]]),
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
