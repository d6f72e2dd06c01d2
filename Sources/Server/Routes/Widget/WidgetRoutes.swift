import Agents
import Conversations
import Foundation
import JSON
import Tenancy

/// The web chat's way in: no account, a publishable key.
struct WidgetRoutes: RouteGroup {
    let people: People
    let customers: CustomerStore
    let conversations: ConversationStore
    let registry: AgentRegistry

    var routes: [Route] { [open, config] }

    private static let key = Schema.text(1...64).example("sb_pub_…")

    private var open: Route {
        Route(
            method: .post, path: "/api/widget/sessions", summary: "Let a visitor into the chat.", tag: "Web chat",
            access: .open,
            body: .object([
                .required("key", Self.key),
                .optional("visitorId", .text(1...128).orNull.described("A random id that the browser keeps.")),
                .optional(
                    "customer",
                    Schema.object([
                        .required("externalId", .text(1...255)), .optional("name", .text(1...200).orNull),
                        .optional("email", .text(format: .email).orNull),
                        .optional("hash", .text(1...128).orNull.described("Hex HMAC-SHA256 of `externalId`.")),
                    ]).orNull),
            ]), answers: [.created("WidgetSession")]
        ) { call in
            let widget = try await company(try call.input.required("key"), for: call)
            let customer = try await Self.customer(call.input, widget, customers)
            let issued = try await people.authenticator.tokens.widget(
                companyId: widget.company.id, customerId: customer.id)
            return .secret(
                WidgetSession(
                    token: issued.token, expiresAt: issued.expiresAt, customer: customer.forVisitor,
                    conversation: try await conversation(with: customer, widget).forVisitor), status: .created)
        }
    }

    private var config: Route {
        Route(
            method: .get, path: "/api/widget/config", summary: "How the chat looks and who answers in it.",
            tag: "Web chat", access: .open,
            query: [QueryParameter("key", Self.key, "The publishable key.", isRequired: true)],
            answers: [.ok("WidgetConfig").tagged]
        ) { call in
            let widget = try await company(try call.query.required("key"), for: call)
            let agents = try await registry.visible(to: .customer, widget.scope)
            return .cacheable(WidgetConfig(company: widget.company, agents: agents))
        }
    }

    /// The visitor's open conversation: the one written in last, or a new one.
    private func conversation(with customer: Customer, _ widget: WidgetCompany) async throws -> Conversation {
        let filter = ConversationFilter(status: .active, platform: .web, customerId: customer.id)
        if let open = try await conversations.list(filter, PageRequest(limit: 1), in: widget.scope).items.first {
            return open
        }
        let draft = ConversationDraft(customerId: customer.id, platform: .web)
        return try await conversations.create(draft, in: widget.scope).conversation
    }

    /// The company of a publishable key, when its chat may be shown on the page that asks.
    private func company(_ key: String, for call: Call) async throws -> WidgetCompany {
        let widget = try await people.companies.byWidgetKey(key)
        let headers = call.request.headers
        guard let origin = headers[.origin],
            !CrossOrigin.isAllowed(origin, by: widget.company.settings.allowedOrigins),
            // Our own pages.
            origin.split(separator: "/").last.map(String.init) != headers[.host]
        else { return widget }
        throw Problem.forbidden("The company does not allow its chat on \(origin.prefix(300)).")
    }

    /// Who opens the chat: an identified customer when the company's server vouches for them, else the visitor of
    /// this browser, else a new one.
    private static func customer(
        _ input: Input, _ widget: WidgetCompany, _ customers: CustomerStore
    ) async throws -> Customer {
        if let claim = input.nested("customer"), let externalId = claim.string("externalId") {
            guard let hash = claim.string("hash"), widget.vouches(for: externalId, hash: hash) else {
                throw Problem.invalid(
                    "customer.hash", "invalid",
                    "must be the hex HMAC-SHA256 of externalId with the company's widget secret")
            }
            let draft = CustomerDraft(
                externalId: externalId, name: claim.string("name"), email: claim.string("email"))
            return try await customers.findOrCreate(widget.scope, draft).customer
        }
        // A visitor's id lives in a name space of its own, out of reach for the ids which companies give.
        guard let visitorId = input.string("visitorId") else { return try await customers.create(widget.scope) }
        return try await customers.findOrCreate(widget.scope, CustomerDraft(externalId: "visitor:" + visitorId))
            .customer
    }
}

/// A visitor who was let in.
struct WidgetSession: JSONEncodable {
    let token: String
    let expiresAt: Date
    let customer: Customer
    let conversation: Conversation

    func encode(into writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("token", token)
            writer.field("expiresAt", expiresAt)
            writer.field("customer", customer)
            writer.field("conversation", conversation)
        }
    }
}

/// How the chat looks and who answers in it.
struct WidgetConfig: JSONEncodable {
    let company: Company
    let agents: [AgentProfile]

    func encode(into writer: inout JSONWriter) {
        let widget = company.settings.widget
        writer.object { writer in
            writer.field("name", company.name)
            writer.field("colors", widget["colors"]?.objectValue ?? [:])
            writer.field("greeting", widget["greeting"]?.stringValue)
            writer.field(
                "agents",
                array: { writer in
                    for agent in agents {
                        writer.object { writer in
                            writer.field("name", agent.name)
                            writer.field("description", agent.description)
                        }
                    }
                })
        }
    }
}
