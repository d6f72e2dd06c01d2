import Foundation
public import JSON
public import Tenancy

/// `price_quote`: what so many of some products cost.
public struct PriceQuoteTool: Tool {
    /// `price_quote`.
    public let name = "price_quote"
    /// What it does.
    public let description = "Computes what quantities of products cost, line by line and in all."
    /// Reads the catalogue.
    public let effect = ToolEffect.catalogRead
    /// `items`.
    public let schema = ToolSchema(.init("items", .items(maximum: OrderLines.limit), "Products and quantities"))
    private let products: ProductStore

    /// The tool on a store.
    public init(_ products: ProductStore) { self.products = products }

    /// Answers `{lines: [{id, name, quantity, priceCents, totalCents, currency}], totals: [{currency, totalCents}],
    /// note}`. Taxes are not computed: prices are as the catalogue has them.
    /// - Throws: ``ToolError/notFound`` when a product is absent, foreign or not for sale.
    public func run(_ scope: ToolScope, _ arguments: JSONObject) async throws -> JSONValue {
        let lines = try await OrderLines.read(arguments["items"], products, scope)
        return [
            "lines": .array(lines.map(\.json)), "totals": OrderLines.totals(lines),
            "note": "Prices as in the catalogue; taxes and shipping are not computed.",
        ]
    }
}

/// `stock_check`: whether a product can be had, and how many are left where the company keeps count.
public struct StockCheckTool: Tool {
    /// `stock_check`.
    public let name = "stock_check"
    /// What it does.
    public let description = "Says whether a product is available, and how many are left if the company keeps count."
    /// Reads the catalogue.
    public let effect = ToolEffect.catalogRead
    /// `product`.
    public let schema = ToolSchema(.init("product", .text(maximum: 100), "The product's id or its sku"))
    private let products: ProductStore

    /// The tool on a store.
    public init(_ products: ProductStore) { self.products = products }

    /// Answers `{id, name, available, stock}`; `stock` is the product's `metadata.stock`, or null.
    /// - Throws: ``ToolError/notFound`` for a product that is absent or foreign.
    public func run(_ scope: ToolScope, _ arguments: JSONObject) async throws -> JSONValue {
        let product = try await OrderLines.product(arguments["product"]?.stringValue ?? "", products, scope)
        let stock = product.metadata["stock"]?.integerValue
        return [
            "id": .string(product.id.lowercased), "name": .string(product.name),
            "available": .bool(product.active && stock != 0), "stock": stock.map { .integer($0) } ?? .null,
        ]
    }
}

/// `company_info`: what the company says about itself in `settings.info`.
public struct CompanyInfoTool: Tool {
    /// `company_info`.
    public let name = "company_info"
    /// What it does.
    public let description = "Tells the company's opening hours, address, shipping, payment or policies."
    /// Reads what the company shows to anybody.
    public let effect = ToolEffect.catalogRead
    /// `topic`.
    public let schema = ToolSchema(.init("topic", .choice(CompanySettings.infoTopics), "What is asked about"))
    private let company: @Sendable (TenantScope) async throws -> Company

    /// The tool.
    /// - Parameter company: reads the company of a scope.
    public init(_ company: @escaping @Sendable (TenantScope) async throws -> Company) { self.company = company }

    /// Answers `{topic, text}`; `text` is null when the company says nothing about it.
    public func run(_ scope: ToolScope, _ arguments: JSONObject) async throws -> JSONValue {
        let topic = arguments["topic"]?.stringValue ?? ""
        let text = try await company(scope.tenant).settings.info[topic]?.stringValue
        return ["topic": .string(topic), "text": text.map { .string($0) } ?? .null]
    }
}

/// `lead_create`: notes that somebody is interested.
public struct LeadCreateTool: Tool {
    /// `lead_create`.
    public let name = "lead_create"
    /// What it does.
    public let description = "Notes for the company's people what the writer is interested in and how to reach them."
    /// Writes inside Switchboard.
    public let effect = ToolEffect.internalWrite
    /// `interest`, `name`, `contact`, `note`.
    public let schema = ToolSchema(
        .init("interest", .text(maximum: 500), "What they are interested in"),
        .init("name", .text(maximum: 200), "Their name, if they said it", isRequired: false),
        .init("contact", .text(maximum: 254), "E-mail address or phone number, if they said it", isRequired: false),
        .init("note", .text(maximum: 2000), "What else was said", isRequired: false))
    private let leads: LeadStore
    private let agent: String

    /// The tool on a store, for an agent.
    public init(_ leads: LeadStore, agent: String = "sales") {
        self.leads = leads
        self.agent = agent
    }

    /// Answers `{id, kind, status}`. Run again in the same turn it notes nothing new.
    public func run(_ scope: ToolScope, _ arguments: JSONObject) async throws -> JSONValue {
        let interest = arguments["interest"]?.stringValue ?? ""
        let draft = LeadDraft(
            .lead, customerId: scope.customerId, conversationId: scope.conversationId,
            agentName: scope.agent ?? agent,
            name: arguments["name"]?.stringValue, contact: arguments["contact"]?.stringValue, interest: interest,
            note: arguments["note"]?.stringValue)
        let lead = try await leads.note(scope.tenant, draft, id: scope.id(for: "lead_create \(interest)"))
        return ["id": .string(lead.id.lowercased), "kind": "lead", "status": .string(lead.status.rawValue)]
    }
}

/// `order_draft`: notes an order, which a member confirms.
public struct OrderDraftTool: Tool {
    /// `order_draft`.
    public let name = "order_draft"
    /// What it does.
    public let description =
        "Drafts an order of the writer for a person of the company to confirm. Nothing is sold by it."
    /// Writes inside Switchboard.
    public let effect = ToolEffect.internalWrite
    /// `items`, `name`, `contact`.
    public let schema = ToolSchema(
        .init("items", .items(maximum: OrderLines.limit), "Products and quantities"),
        .init("name", .text(maximum: 200), "Their name, if they said it", isRequired: false),
        .init("contact", .text(maximum: 254), "E-mail address or phone number, if they said it", isRequired: false))
    private let leads: LeadStore
    private let products: ProductStore
    private let customers: CustomerStore

    /// The tool on stores.
    public init(_ leads: LeadStore, products: ProductStore, customers: CustomerStore) {
        self.leads = leads
        self.products = products
        self.customers = customers
    }

    /// Answers `{needs: "contact"}` without noting anything when nobody could reach the writer, else
    /// `{id, lines, totals, status}`. Run again in the same turn it notes nothing new.
    /// - Throws: ``ToolError/notFound`` when a product is absent, foreign or not for sale.
    public func run(_ scope: ToolScope, _ arguments: JSONObject) async throws -> JSONValue {
        let lines = try await OrderLines.read(arguments["items"], products, scope)
        var name = arguments["name"]?.stringValue
        var contact = arguments["contact"]?.stringValue
        if let customerId = scope.customerId, let customer = try await customers.find(scope.tenant, customerId) {
            name = name ?? customer.name
            contact = contact ?? customer.email ?? customer.phone
        }
        if case .customer = scope.author, contact == nil { return ["needs": "contact"] }
        let draft = LeadDraft(
            .order, customerId: scope.customerId, conversationId: scope.conversationId,
            agentName: scope.agent ?? "sales",
            name: name, contact: contact, items: lines.map(\.item))
        let key = lines.map { "\($0.product.id.lowercased) \($0.quantity)" }.joined(separator: " ")
        let lead = try await leads.note(scope.tenant, draft, id: scope.id(for: "order_draft \(key)"))
        return [
            "id": .string(lead.id.lowercased), "status": .string(lead.status.rawValue),
            "lines": .array(lines.map(\.json)), "totals": OrderLines.totals(lines),
        ]
    }
}

extension ToolScope {
    /// The customer who wrote, when it is known.
    var customerId: UUID? {
        if case .customer(let id) = author { id } else { nil }
    }
}
