public import Mongo

/// The collections of conversations, their validators and indexes.
///
/// To shard: `messages` on `{companyId, conversationId}`; `conversations` on `{companyId}` and `idempotency` on
/// `{scope}`, whose unique indexes begin with that.
public enum ConversationSchema {
    static let conversations = "conversations"
    static let messages = "messages"
    static let idempotency = "idempotency"
    static let readMarks = "readMarks"
    static let turns = "turns"
    static let toolCalls = "agentToolCalls"
    static let approvals = "approvals"
    static let summaries = "summaries"

    /// Makes what is missing, and brings validators and indexes up to date. May be repeated, and run by several at once.
    /// - Throws: ``ConversationSchemaError``, `MongoError`.
    public static func apply(_ database: MongoDatabase) async throws {
        let version = SchemaVersion(database)
        try await version.refuseNewer()
        try await apply(
            database, conversations, ConversationValidators.conversations, ConversationIndexes.conversations)
        try await apply(database, messages, ConversationValidators.messages, ConversationIndexes.messages)
        try await apply(database, readMarks, ConversationValidators.readMarks, ConversationIndexes.readMarks)
        try await apply(database, turns, ConversationValidators.turns, ConversationIndexes.turns)
        try await apply(database, toolCalls, ConversationValidators.toolCalls, ConversationIndexes.toolCalls)
        try await apply(database, approvals, ConversationValidators.approvals, ConversationIndexes.approvals)
        try await apply(database, summaries, ConversationValidators.summaries, ConversationIndexes.summaries)
        try await apply(database, idempotency, ConversationValidators.idempotency, ConversationIndexes.idempotency)
        try await version.note()
    }

    private static func apply(
        _ database: MongoDatabase, _ name: String, _ validator: BSONDocument, _ indexes: [MongoIndex]
    ) async throws {
        try await database.createCollection(name, validator: validator)
        let collection = database.collection(name)
        do { try await collection.createIndexes(indexes) } catch let error as MongoError where error.isIndexConflict {
            for index in indexes { try await bring(index, to: collection) }
        }
    }

    /// Makes one index, again when it had another shape.
    private static func bring(_ index: MongoIndex, to collection: MongoCollection) async throws {
        do { try await collection.createIndexes([index]) } catch let error as MongoError where error.isIndexConflict {
            guard !index.isUnique else {
                throw ConversationSchemaError.uniqueIndexChanged(index: index.name, collection: collection.name)
            }
            try await collection.dropIndex(index.name)
            try await collection.createIndexes([index])
        }
    }
}
