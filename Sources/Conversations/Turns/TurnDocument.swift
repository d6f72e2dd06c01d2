import Foundation
import JSON
import Mongo

extension Turn {
    /// The turn as a document of the collection `turns`. What is absent is left out.
    var document: BSONDocument {
        BSONDocument { writer in
            writer.append("_id", id)
            writer.append("companyId", companyId)
            writer.append("conversationId", conversationId)
            writer.append("triggerMessageId", triggerMessageId)
            writer.append("triggerSeq", triggerSeq)
            writer.append("ordinal", ordinal)
            writer.append("agent", agent)
            writer.append("author", author)
            writer.append("isAddressed", isAddressed)
            writer.append("createdAt", createdAt)
            writer.append("status", state.rawValue)
            writer.append("attempt", attempt)
            writer.append("notBefore", notBefore)
            writer.append("startedAt", ifPresent: startedAt)
            writer.append("finishedAt", ifPresent: finishedAt)
            writer.append("lease", ifPresent: lease)
            writer.append("leaseUntil", ifPresent: leaseUntil)
            writer.append("slot", ifPresent: slot)
        }
    }

    /// Reads a document of the collection `turns`.
    init(_ document: BSONDocument) throws(ConversationError) {
        guard let id = document.uuid("_id") else { throw .corrupt("_id") }
        guard let companyId = document.uuid("companyId") else { throw .corrupt("companyId") }
        guard let conversationId = document.uuid("conversationId") else { throw .corrupt("conversationId") }
        guard let trigger = document.uuid("triggerMessageId") else { throw .corrupt("triggerMessageId") }
        guard let state = document.string("status").flatMap(State.init(rawValue:)) else { throw .corrupt("status") }
        guard let agent = document.string("agent") else { throw .corrupt("agent") }
        guard let createdAt = document.date("createdAt") else { throw .corrupt("createdAt") }
        self.id = id
        self.companyId = companyId
        self.conversationId = conversationId
        triggerMessageId = trigger
        triggerSeq = document.int("triggerSeq") ?? 0
        ordinal = document.int("ordinal") ?? 0
        self.agent = agent
        author = document.string("author") ?? ""
        isAddressed = document.bool("isAddressed") ?? false
        self.createdAt = createdAt
        self.state = state
        attempt = document.int("attempt") ?? 0
        notBefore = document.date("notBefore") ?? createdAt
        startedAt = document.date("startedAt")
        finishedAt = document.date("finishedAt")
        lease = document.uuid("lease")
        leaseUntil = document.date("leaseUntil")
        slot = document.int("slot")
        covers = (document.array("covers") ?? []).compactMap(\.uuidValue)
        supersededBy = document.uuid("supersededBy")
        replyMessageId = document.uuid("replyMessageId")
        error = document.string("error")
        earlierAttempts = document.int("earlierAttempts") ?? 0
        draft = document.string("draft")
        tools = (document.array("tools") ?? []).compactMap { $0.documentValue.flatMap { RunningTool($0) } }
        input = document["input"].map(FreeForm.json)?.objectValue
        record = document["record"].map(FreeForm.json)?.objectValue
    }
}
