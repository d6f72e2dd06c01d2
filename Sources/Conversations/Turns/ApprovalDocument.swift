import Foundation
import JSON
import Mongo

extension Approval {
    /// The approval as a document of the collection `approvals`.
    func document(audience: Audience) -> BSONDocument {
        BSONDocument { writer in
            writer.append("_id", id)
            writer.append("companyId", companyId)
            writer.append("ownerId", audience.owner.id(in: companyId))
            writer.append("conversationId", conversationId)
            writer.append("turnId", turnId)
            writer.append("callId", callId)
            writer.append("agent", agent)
            writer.append("tool", tool)
            writer.append("summary", summary)
            writer.append("arguments", FreeForm.bson(arguments))
            writer.append("argumentsHash", argumentsHash)
            writer.append("status", state.rawValue)
            writer.append("createdAt", createdAt)
            writer.append("expiresAt", expiresAt)
            writer.append("isOpen", true)
        }
    }

    /// Reads a document of the collection `approvals`.
    init(_ document: BSONDocument) throws(ConversationError) {
        guard let id = document.uuid("_id") else { throw .corrupt("_id") }
        guard let companyId = document.uuid("companyId") else { throw .corrupt("companyId") }
        guard let conversationId = document.uuid("conversationId") else { throw .corrupt("conversationId") }
        guard let turnId = document.uuid("turnId") else { throw .corrupt("turnId") }
        guard let state = document.string("status").flatMap(State.init(rawValue:)) else { throw .corrupt("status") }
        guard let createdAt = document.date("createdAt") else { throw .corrupt("createdAt") }
        self.id = id
        self.companyId = companyId
        self.conversationId = conversationId
        self.turnId = turnId
        callId = document.string("callId") ?? ""
        agent = document.string("agent") ?? ""
        tool = document.string("tool") ?? ""
        summary = document.string("summary") ?? ""
        arguments = document["arguments"].map(FreeForm.json)?.objectValue ?? [:]
        argumentsHash = document.string("argumentsHash") ?? ""
        self.state = state
        self.createdAt = createdAt
        expiresAt = document.date("expiresAt") ?? createdAt
        decidedBy = document.uuid("decidedBy")
        decidedAt = document.date("decidedAt")
    }
}
