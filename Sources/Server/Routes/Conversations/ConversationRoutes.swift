import Conversations
import Foundation
import HTTPTypes
import JSON
import Tenancy

/// Threads between customers or people and a company.
struct ConversationRoutes: RouteGroup {
    let conversations: ConversationStore
    let customers: CustomerStore
    let messages: MessagePosting
    let references: ConversationReferences
    let invalidation: Invalidation

    var routes: [Route] { [list, create, get, replace, change, delete] }

    private static let changes = Schema.object([
        .optional("title", .text(0...200).orNull), .optional("status", .words(ConversationComponents.statuses)),
        .optional(
            "metadata",
            .freeObject.described(
                "The caller's own keys, in place of the old ones. A visitor's and the company's are apart: a visitor sees its own."
            )),
        .optional("assignee", .identifier.orNull.described("A member's user id.")),
        .optional("agent", .text(2...32, format: .agentName).orNull.described("Who answers what mentions nobody.")),
    ])

    private var list: Route {
        Route(
            method: .get, path: "/api/conversations", summary: "List conversations, newest activity first.",
            tag: "Conversations", access: .visitorToo(.conversationsRead),
            query: QueryParameter.page + [
                QueryParameter("status", .words(ConversationComponents.statuses), "With this status only."),
                QueryParameter("platform", .words(ConversationComponents.platforms), "On this platform only."),
                QueryParameter("customerId", .identifier, "With this customer only."),
                QueryParameter("assignee", .identifier, "Assigned to this member only."),
                QueryParameter("waiting", .boolean, "Those whose customer waits for a person, or those others."),
                QueryParameter("q", .text(1...200), "Part of the title, or of the customer's name, e-mail or phone."),
            ], answers: [.page(of: "Conversation")]
        ) { call in
            let query = call.query
            let text = query.string("q")
            var filter = ConversationFilter(
                status: query.word("status"), platform: query.word("platform"),
                customerId: query.identifier("customerId"), assignee: query.identifier("assignee"),
                isPersonCalled: query.flag("waiting"), query: text)
            if let text, try call.scope.allows(.customersRead) {
                filter.queryCustomers = try await customers.searchIds(call.scope, text: text)
            }
            let page = try await conversations.list(filter, call.page(), in: call.scope)
            return .cacheable(try await ListedConversation.page(page, conversations, call.scope))
        }
    }

    private var create: Route {
        Route(
            method: .post, path: "/api/conversations",
            summary: "Open a conversation, with a first message if you like.",
            tag: "Conversations", access: .visitorToo(.conversationsWrite),
            body: .object([
                .optional("title", .text(0...200).orNull), .optional("customerId", .identifier.orNull),
                .optional("platform", .words(ConversationComponents.platforms)), .optional("metadata", .freeObject),
                .optional("assignee", .identifier.orNull), .optional("agent", .text(2...32, format: .agentName).orNull),
                .optional(
                    "message",
                    MessageRoutes.body.orText(of: "content").described("The first message, or its content alone.")),
            ]), bodyIsOptional: true,
            answers: [.created("NewConversation").located.patient], sizedFields: ["message.content"]
        ) { call in
            let opened = try await messages.open(call)
            var answer = Answer.created(opened, at: "/api/conversations/\(opened.conversation.id.lowercased)")
            if opened.message != nil { Patience(call.request.headers).note(in: &answer.headers) }
            return answer
        }
    }

    private var get: Route {
        Route(
            method: .get, path: "/api/conversations/{id}", summary: "A conversation with customer and last message.",
            tag: "Conversations", access: .visitorToo(.conversationsRead), answers: [.ok("ConversationDetail").tagged]
        ) { call in
            let scope = try call.scope
            let details = try await conversations.get(call.id(), in: scope)
            var customer: Customer?
            if let id = details.conversation.customerId, scope.allows(.customersRead) || scope.customerId == id {
                customer = try await customers.find(scope, id)
            }
            return .json(
                ConversationDetail(
                    conversation: scope.view(details.conversation), customer: customer.map(scope.view),
                    lastMessage: details.lastMessage.map(scope.view))
            ).tagged(details.conversation.version)
        }
    }

    private var replace: Route { update(.put, "Change a conversation; the same as PATCH.") }
    private var change: Route { update(.patch, "Change some fields of a conversation.") }

    private func update(_ method: HTTPRequest.Method, _ summary: String) -> Route {
        Route(
            method: method, path: "/api/conversations/{id}", summary: summary, tag: "Conversations",
            access: .visitorToo(.conversationsWrite), body: Self.changes, answers: [.ok("Conversation").tagged]
        ) { call in
            let input = call.input
            let change = ConversationChange(
                title: input.optionalChange("title", Input.string), status: input.word("status"),
                metadata: input.members("metadata"), assignee: input.optionalChange("assignee", Input.identifier),
                agent: input.optionalChange("agent", Input.string))
            try await references.check(
                customerId: nil, assignee: input.identifier("assignee"), agent: input.string("agent"),
                status: change.status, in: call.scope)
            let conversation = try await conversations.update(
                call.id(), change, ifVersion: try call.ifMatch(), in: call.scope)
            await invalidation.conversations(of: conversation.companyId)
            return Answer.json(try call.scope.view(conversation)).tagged(conversation.version)
        }
    }

    private var delete: Route {
        Route(
            method: .delete, path: "/api/conversations/{id}", summary: "Delete a conversation and its messages.",
            tag: "Conversations", access: .company(.conversationsWrite), answers: [.done]
        ) { call in
            try await conversations.delete(call.id(), in: call.scope)
            return .noContent
        }
    }
}
