public import Foundation
import Mongo

/// What the company's programs are still to be told of a message or a conversation.
///
/// A change writes a mark into the document itself, in the same write, so that there is neither a change without its
/// mark nor a mark without its change, whatever is killed. Marks are made for companies that want to be told and for
/// what is the company's, and for nobody else.
public struct News: Sendable, Hashable {
    /// What happened.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// It is new.
        case created
        /// It was changed.
        case updated
        /// It was deleted.
        case deleted
    }

    /// One thing that happened.
    public struct Entry: Sendable, Hashable {
        /// What happened.
        public let kind: Kind
        /// Tells one change from another; nil for what happens once.
        public let id: UUID?
        /// When it happened.
        public let at: Date
    }

    /// The company.
    public let companyId: UUID
    /// The conversation.
    public let conversationId: UUID
    /// The message; nil for news of the conversation itself.
    public let messageId: UUID?
    /// What happened, in its order.
    public let entries: [Entry]
    /// The marks as they were read: what comes to them afterwards is not settled with them.
    let marks: BSONValue

    static let field = "news"

    /// The mark of a change that happens now.
    static func mark(_ kind: Kind) -> BSONDocument {
        var mark: BSONDocument = ["kind": .string(kind.rawValue), "at": .date(Date().inMilliseconds)]
        if kind == .updated { mark.append("id", .uuid(UUID.v7())) }
        return mark
    }

    /// The marks of a document that is written with its first one.
    static func marks(_ kind: Kind) -> BSONValue { .array([.document(mark(kind))]) }
}

extension BSONDocument {
    /// An update that also notes that there is something to tell.
    func noting(_ kind: News.Kind?) -> BSONDocument {
        guard let kind else { return self }
        var update = self
        update.append("$push", [News.field: .document(News.mark(kind))])
        return update
    }
}

extension News {
    /// The news of a document that has some; nil for marks that cannot be read.
    init?(_ document: BSONDocument, isMessage: Bool) {
        guard let id = document.uuid("_id"), let companyId = document.uuid("companyId"),
            let marks = document[Self.field], let list = document.array(Self.field)
        else { return nil }
        guard let conversationId = isMessage ? document.uuid("conversationId") : id else { return nil }
        self.init(
            companyId: companyId, conversationId: conversationId, messageId: isMessage ? id : nil,
            entries: list.compactMap { mark in
                guard let mark = mark.documentValue, let kind = mark.string("kind").flatMap(Kind.init(rawValue:))
                else { return nil }
                return Entry(kind: kind, id: mark.uuid("id"), at: mark.date("at") ?? Date())
            }, marks: marks)
    }
}
