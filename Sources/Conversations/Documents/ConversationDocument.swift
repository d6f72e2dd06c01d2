import Foundation
import JSON
import Mongo

extension Conversation {
    /// The conversation as a document of the collection `conversations`.
    ///
    /// What is absent is left out rather than null, so that partial indexes stay small. `ownerId` is the company's id
    /// or the user's; `lastActivityAt` is what lists are sorted by; the caller's metadata is kept apart from the
    /// store's, under `attributes`, and a visitor's under `visitorAttributes`.
    ///
    /// - Parameter noted: what is to be told of it.
    func document(threadOf: UUID? = nil, noted: News.Kind? = nil) -> BSONDocument {
        BSONDocument { writer in
            writer.append("_id", id)
            writer.append("companyId", companyId)
            writer.append("ownerId", owner.id(in: companyId))
            if let threadOf { writer.append("threadOf", threadOf) }
            if let customerId { writer.append("customerId", customerId) }
            writer.append("platform", platform.rawValue)
            if let title { writer.append("title", title) }
            if let assignee { writer.append("assignee", assignee) }
            if let agent { writer.append("agent", agent) }
            writer.append("control", control.document)
            writer.append("metadata", metadataDocument)
            if !attributes.isEmpty { writer.append("attributes", FreeForm.bson(attributes)) }
            if !visitorAttributes.isEmpty { writer.append("visitorAttributes", FreeForm.bson(visitorAttributes)) }
            writer.append("lastActivityAt", lastActivityAt)
            writer.append("version", version)
            writer.append("createdAt", createdAt)
            writer.append("updatedAt", updatedAt)
            if let noted { writer.append(News.field, News.marks(noted)) }
        }
    }

    private var metadataDocument: BSONDocument {
        BSONDocument { writer in
            if let lastMessageAt { writer.append("lastMessageAt", lastMessageAt) }
            writer.append("messageCount", messageCount)
            writer.append("status", status.rawValue)
        }
    }

    /// Reads a document of the collection `conversations`.
    init(_ document: BSONDocument) throws(ConversationError) {
        let metadata = document.document("metadata")
        guard let id = document.uuid("_id") else { throw .corrupt("_id") }
        guard let companyId = document.uuid("companyId") else { throw .corrupt("companyId") }
        guard let ownerId = document.uuid("ownerId") else { throw .corrupt("ownerId") }
        guard let platform = document.string("platform").flatMap(Platform.init(rawValue:)) else {
            throw .corrupt("platform")
        }
        guard let status = metadata?.string("status").flatMap(ConversationStatus.init(rawValue:)) else {
            throw .corrupt("metadata.status")
        }
        guard let createdAt = document.date("createdAt") else { throw .corrupt("createdAt") }
        self.init(
            id: id, companyId: companyId, customerId: document.uuid("customerId"), platform: platform,
            owner: Owner(id: ownerId, companyId: companyId), title: document.string("title"), status: status,
            assignee: document.uuid("assignee"), agent: document.string("agent"),
            control: Control(document.document("control")), lastMessageAt: metadata?.date("lastMessageAt"),
            messageCount: metadata?.int("messageCount") ?? 0,
            attributes: document["attributes"].map(FreeForm.json)?.objectValue ?? [:],
            visitorAttributes: document["visitorAttributes"].map(FreeForm.json)?.objectValue ?? [:],
            version: document.int("version") ?? 1, createdAt: createdAt,
            updatedAt: document.date("updatedAt") ?? createdAt)
    }
}

extension Owner {
    init(id: UUID, companyId: UUID) { self = id == companyId ? .company : .user(id) }

    func id(in companyId: UUID) -> UUID {
        switch self {
        case .company: companyId
        case .user(let id): id
        }
    }
}

extension Control {
    init(_ document: BSONDocument?) {
        self.init(
            holder: document?.string("holder"), version: document?.int("version") ?? 0,
            requestedAt: document?.date("requestedAt"), changedAt: document?.date("changedAt"),
            boundarySeq: document?.int("boundarySeq"))
    }

    var document: BSONDocument {
        BSONDocument { writer in
            if let holder { writer.append("holder", holder) }
            writer.append("version", version)
        }
    }
}
