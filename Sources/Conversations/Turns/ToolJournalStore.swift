import Foundation
import JSON
import Mongo

/// The journals of turns: what their agents did, so that a turn which is run again does nothing twice.
public struct ToolJournalStore: Sendable {
    /// The most bytes of one entry's result.
    public static let maximumResultBytes = 1 << 20
    /// The most entries of one turn.
    public static let maximumEntries = 200

    let calls: MongoCollection

    init(_ database: MongoDatabase) {
        calls = database.collection(ConversationSchema.toolCalls).with(readConcern: .local)
    }

    /// The entries of a turn.
    /// - Throws: `MongoError`.
    public func entries(of turn: Turn) async throws -> [ToolCallRecord] {
        let found = try await calls.find(
            [
                "companyId": .uuid(turn.companyId), "conversationId": .uuid(turn.conversationId),
                "turnId": .uuid(turn.id),
            ], limit: Self.maximumEntries)
        return found.compactMap { ToolCallRecord($0) }
    }

    /// Keeps an entry as it is now, durably.
    /// - Throws: `MongoError`; ``ConversationError`` when the result is too large to be kept.
    public func keep(_ entry: ToolCallRecord, of turn: Turn) async throws {
        var values: [(String, BSONValue)] = [
            ("tool", .string(entry.tool)),
            ("status", .string(entry.state.rawValue)), ("arguments", FreeForm.bson(entry.arguments)),
            ("updatedAt", .date(Date().inMilliseconds)),
        ]
        if let result = entry.result { values.append(("result", FreeForm.bson(result))) }
        if let error = entry.error { values.append(("error", .string(String(error.prefix(1_000))))) }
        let update: BSONDocument = ["$set": .document(BSONDocument(values))]
        guard update.isSendable, update.bytes.count <= Self.maximumResultBytes else {
            throw ConversationError.tooLarge("a journal entry has at most \(Self.maximumResultBytes) bytes")
        }
        let filter: BSONDocument = [
            "companyId": .uuid(turn.companyId), "conversationId": .uuid(turn.conversationId),
            "turnId": .uuid(turn.id), "callId": .string(entry.callId),
        ]
        do {
            try await calls.update(one: filter, update, upsert: true)
        } catch let error as MongoError where error.isDuplicateKey {
            // It was made at this moment by a run whose claim was lost.
            try await calls.update(one: filter, update)
        }
    }

    func remove(_ key: ConversationKey) async throws { _ = try await calls.delete(many: key.filter) }
}

extension ToolCallRecord {
    init?(_ document: BSONDocument) {
        guard let turnId = document.uuid("turnId"), let callId = document.string("callId"),
            let tool = document.string("tool"),
            let state = document.string("status").flatMap(State.init(rawValue:))
        else { return nil }
        self.init(
            turnId: turnId, callId: callId, tool: tool, state: state,
            arguments: document["arguments"].map(FreeForm.json)?.objectValue ?? [:],
            result: document["result"].map(FreeForm.json), error: document.string("error"))
    }
}
