import Foundation
import JSON
import Mongo

/// A message as a document of the collection `messages`, written before its place is known.
///
/// `seq` and `timestamp` come right after three fields of fixed width, so that ``stamp(seq:timestamp:)`` overwrites
/// sixteen bytes instead of writing the document again for every try.
struct MessageDocument: Sendable {
    /// The most bytes of a document. Far below what MongoDB refuses, so that size never makes an insert fail.
    static let maximumBytes = 4 << 20

    private(set) var document: BSONDocument

    var size: Int { document.bytes.count }

    /// - Parameter noted: what is to be told of it.
    init(_ message: Message, noted: News.Kind? = nil) {
        document = BSONDocument { writer in
            writer.append("_id", message.id)
            writer.append("companyId", message.companyId)
            writer.append("conversationId", message.conversationId)
            writer.append("seq", message.seq)
            writer.append("timestamp", message.timestamp)
            writer.append("role", message.role.rawValue)
            writer.append("sender", message.sender)
            writer.append("content", message.content)
            if let name = message.agentName { writer.append("agentName", name) }
            if let id = message.clientMessageId { writer.append("clientMessageId", id) }
            if let reasoning = message.reasoning { writer.append("reasoning", FreeForm.bson(reasoning)) }
            if let calls = message.functionCalls { writer.append("functionCalls", FreeForm.bson(calls)) }
            if let outputs = message.functionOutputs { writer.append("functionOutputs", FreeForm.bson(outputs)) }
            if !message.metadata.isEmpty { writer.append("metadata", FreeForm.bson(message.metadata)) }
            if let id = message.inReplyTo { writer.append("inReplyTo", id) }
            if let id = message.turnId { writer.append("turnId", id) }
            if let routing = message.routing { writer.append("routing", FreeForm.bson(routing)) }
            if let labels = message.labels { writer.append("labels", labels.document) }
            if let delivery = message.delivery { writer.append("delivery", delivery.document) }
            if let noted { writer.append(News.field, News.marks(noted)) }
        }
    }

    /// Length of the document, then three ids: type, name, NUL, length, subtype and 16 bytes each; then `seq`'s type
    /// and name.
    static let seqOffset = 4 + (23 + "_id".count) + (23 + "companyId".count) + (23 + "conversationId".count) + 5
    static let timestampOffset = seqOffset + 8 + 2 + "timestamp".count

    /// Gives the message its place and time.
    mutating func stamp(seq: Int, timestamp: Date) {
        let milliseconds = Int64((timestamp.timeIntervalSince1970 * 1000).rounded())
        write(UInt64(bitPattern: Int64(seq)), at: Self.seqOffset)
        write(UInt64(bitPattern: milliseconds), at: Self.timestampOffset)
    }

    private mutating func write(_ number: UInt64, at offset: Int) {
        for byte in 0..<8 {
            document.bytes[offset + byte] = UInt8(truncatingIfNeeded: number >> (8 * UInt64(byte)))
        }
    }
}

extension Message {
    /// Reads a document of the collection `messages`.
    init(_ document: BSONDocument) throws(ConversationError) {
        guard let id = document.uuid("_id") else { throw .corrupt("_id") }
        guard let companyId = document.uuid("companyId") else { throw .corrupt("companyId") }
        guard let conversationId = document.uuid("conversationId") else { throw .corrupt("conversationId") }
        guard let seq = document.int("seq") else { throw .corrupt("seq") }
        guard let role = document.string("role").flatMap(MessageRole.init(rawValue:)) else { throw .corrupt("role") }
        guard let timestamp = document.date("timestamp") else { throw .corrupt("timestamp") }
        self.init(
            id: id, companyId: companyId, conversationId: conversationId, seq: seq, role: role,
            sender: document.string("sender") ?? "", content: document.string("content") ?? "",
            agentName: document.string("agentName"), clientMessageId: document.string("clientMessageId"),
            reasoning: document["reasoning"].map(FreeForm.json),
            functionCalls: document["functionCalls"].map(FreeForm.json),
            functionOutputs: document["functionOutputs"].map(FreeForm.json),
            metadata: document["metadata"].map(FreeForm.json)?.objectValue ?? [:],
            inReplyTo: document.uuid("inReplyTo"), turnId: document.uuid("turnId"),
            routing: document["routing"].map(FreeForm.json)?.objectValue, timestamp: timestamp,
            editedAt: document.date("editedAt"), deletedAt: document.date("deletedAt"),
            labels: document.document("labels").map { ContentLabels($0) },
            delivery: document.document("delivery").flatMap { Delivery($0) })
    }

    /// The message that `draft` becomes; its place and time follow when it is appended.
    init(_ draft: MessageDraft, sender: String, companyId: UUID, conversationId: UUID, in audience: Audience) {
        self.init(
            id: draft.id ?? .v7(), companyId: companyId, conversationId: conversationId, seq: 0, role: draft.role,
            sender: sender, content: draft.content, agentName: draft.agentName,
            clientMessageId: draft.clientMessageId, reasoning: draft.reasoning?.unlessNull,
            functionCalls: draft.functionCalls?.unlessNull, functionOutputs: draft.functionOutputs?.unlessNull,
            metadata: draft.metadata, inReplyTo: draft.inReplyTo, turnId: draft.turnId, routing: draft.routing,
            timestamp: Date(timeIntervalSince1970: 0), editedAt: nil, deletedAt: nil, labels: draft.labels,
            delivery: Delivery(for: draft.role, in: audience))
    }
}

extension Delivery {
    /// Reads what ``document`` wrote; nil for a state that this program does not know.
    init?(_ document: BSONDocument) {
        guard let state = document.string("state").flatMap(State.init(rawValue:)) else { return nil }
        self.init(state, error: document.string("error"), updatedAt: document.date("updatedAt"))
    }

    /// As it stands in the message's document.
    var document: BSONDocument {
        BSONDocument { writer in
            writer.append("state", state.rawValue)
            if let error { writer.append("error", error) }
            if let updatedAt { writer.append("updatedAt", updatedAt) }
        }
    }
}

extension JSONValue {
    fileprivate var unlessNull: JSONValue? { isNull ? nil : self }
}
