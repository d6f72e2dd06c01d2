import Foundation
import JSON
import Mongo
public import Tenancy

extension ConversationStore {
    /// The conversations the caller sees, newest activity first.
    ///
    /// The cursor names the activity and id of the last one shown, so that it stays right while others come and go. A
    /// conversation in which somebody writes while the list is paged through moves to its beginning.
    /// - Throws: `InvalidFields` for a broken cursor, `MongoError`.
    public func list(
        _ filter: ConversationFilter = ConversationFilter(), _ page: PageRequest = PageRequest(), in scope: TenantScope
    ) async throws -> Page<Conversation> {
        await follower.settle(scope.companyId)
        let found = try await conversations.find(
            try filter.document(page, in: scope), sort: Self.newestFirst, limit: page.limit + 1)
        var items = try found.map { try Conversation($0) }
        guard items.count > page.limit else { return Page(items: items, nextCursor: nil) }
        items.removeLast()
        return Page(items: items, nextCursor: items.last.map { ConversationFilter.cursor(after: $0).text })
    }

    static let newestFirst: BSONDocument = ["lastActivityAt": -1, "_id": -1]
}

extension ConversationFilter {
    private static let listName = "conversations"

    static func cursor(after conversation: Conversation) -> Cursor {
        let milliseconds = Int64((conversation.lastActivityAt.timeIntervalSince1970 * 1000).rounded())
        return Cursor(list: listName, values: [String(milliseconds), conversation.id.lowercased])
    }

    /// The conditions together with the caller's view and the cursor.
    func document(_ page: PageRequest, in scope: TenantScope) throws -> BSONDocument {
        var document: BSONDocument = ["companyId": .uuid(scope.companyId)]
        // A worker acts for the company; nobody pages through the users' own threads.
        let ownership = scope.caller == .worker ? [("ownerId", BSONValue.uuid(scope.companyId))] : scope.ownership
        for (key, value) in ownership { document.append(key, value) }
        for (key, value) in conditions {
            // A visitor asks for somebody else's conversations: both conditions hold, and nothing is found.
            if key == "customerId", document.contains(key) {
                document.append("$and", [["customerId": value]])
            } else {
                document.append(key, value)
            }
        }
        guard let text = page.cursor else { return document }
        let cursor = try Cursor(text, list: Self.listName, count: 2)
        guard let milliseconds = Int64(cursor.values[0]), let id = UUID(strict: cursor.values[1]) else {
            throw InvalidFields("cursor", "invalid", "is not a cursor of this list; use nextCursor as it was given")
        }
        let time = BSONValue.date(Date(timeIntervalSince1970: Double(milliseconds) / 1000))
        // $lte bounds the walk through the index; $nor takes out those of the same time that were shown.
        document.append("lastActivityAt", ["$lte": time])
        document.append("$nor", [["lastActivityAt": time, "_id": ["$gte": .uuid(id)]]])
        return document
    }
}
