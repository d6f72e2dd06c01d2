import Cache
import Conversations
import Foundation
import JSON
import Tenancy

/// What people do besides writing: they are here, they type, and they read.
struct PresenceRoutes: RouteGroup {
    let conversations: ConversationStore
    let publisher: FeedPublisher
    let keeper: PresenceKeeper

    var routes: [Route] { [people, typing, read] }

    private var people: Route {
        Route(
            method: .get, path: "/api/presence",
            summary:
                "Members who are here now: they have a stream open. Changes come as `presence` on the company's feed.",
            tag: "Events", access: .company(.membersRead), answers: [.page(of: "Presence")]
        ) { call in .cacheable(Page(items: await keeper.people(in: try call.scope), nextCursor: nil)) }
    }

    private var typing: Route {
        Route(
            method: .post, path: "/api/conversations/{id}/typing",
            summary: "Tell the others that I am typing; say it again every few seconds.", tag: "Events",
            access: .visitorToo(.conversationsWrite), answers: [.done]
        ) { call in
            let scope = try call.scope
            let id = try call.id()
            let audience = try await conversations.audience(of: id, in: scope)
            let typing = Typing(conversationId: id, userId: scope.userId, customerId: scope.customerId)
            let anonymous = Typing(conversationId: id, userId: nil, customerId: scope.customerId)
            publisher.publish(
                "typing", typing, forVisitor: anonymous, in: id, audience, companyId: scope.companyId)
            return .noContent
        }
    }

    private var read: Route {
        Route(
            method: .post, path: "/api/conversations/{id}/read",
            summary: "Note up to which `seq` I have read; never moves back.", tag: "Conversations",
            access: .company(.conversationsRead), body: .object([.required("seq", .integer(0 ... .max))]),
            answers: [.ok("ReadMark", "Where the mark stands now.")]
        ) { call in
            let scope = try call.scope
            let id = try call.id()
            let seq = try await conversations.markRead(id, upTo: Int(call.input.integer("seq") ?? 0), in: scope)
            let mark = ReadMark(conversationId: id, userId: try call.userId, seq: seq)
            // For the same person's other windows alone.
            publisher.publish("conversation.read", mark, in: id, .only(mark.userId), companyId: scope.companyId)
            return .json(mark)
        }
    }
}

/// Somebody is typing.
struct Typing: JSONEncodable {
    let conversationId: UUID
    let userId: UUID?
    let customerId: UUID?

    func encode(into writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("conversationId", conversationId)
            writer.field("role", customerId == nil ? "user" : "customer")
            writer.field("userId", userId)
            writer.field("customerId", customerId)
        }
    }
}

/// Up to where a member has read a conversation.
struct ReadMark: JSONEncodable {
    let conversationId: UUID
    let userId: UUID
    let seq: Int

    func encode(into writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("conversationId", conversationId)
            writer.field("userId", userId)
            writer.field("seq", seq)
        }
    }
}

/// A conversation as a list shows it to a member.
struct ListedConversation: JSONEncodable {
    let conversation: Conversation
    /// Messages that the member has not read; nil for callers that have no read marks.
    let unread: Int?

    func encode(into writer: inout JSONWriter) {
        writer.object { writer in
            conversation.encodeFields(into: &writer)
            if let unread { writer.field("unreadCount", unread) }
        }
    }

    /// The page as the caller sees it, with what the caller has not read.
    static func page(
        _ page: Page<Conversation>, _ conversations: ConversationStore, _ scope: TenantScope
    ) async throws -> Page<ListedConversation> {
        let unread = try await conversations.unreadCounts(in: page.items, scope: scope)
        return Page(
            items: page.items.map { ListedConversation(conversation: scope.view($0), unread: unread[$0.id]) },
            nextCursor: page.nextCursor)
    }
}
