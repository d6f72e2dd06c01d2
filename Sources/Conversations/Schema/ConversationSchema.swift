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

    /// Makes what is missing and brings the validators up to date. May be repeated, and run by several at once.
    /// - Throws: `MongoError`.
    public static func apply(_ database: MongoDatabase) async throws {
        try await apply(
            database, conversations, ConversationValidators.conversations, ConversationIndexes.conversations)
        try await apply(database, messages, ConversationValidators.messages, ConversationIndexes.messages)
        try await apply(database, readMarks, ConversationValidators.readMarks, ConversationIndexes.readMarks)
        try await apply(database, idempotency, ConversationValidators.idempotency, ConversationIndexes.idempotency)
    }

    private static func apply(
        _ database: MongoDatabase, _ name: String, _ validator: BSONDocument, _ indexes: [MongoIndex]
    ) async throws {
        try await database.createCollection(name, validator: validator)
        try await database.collection(name).createIndexes(indexes)
    }
}
