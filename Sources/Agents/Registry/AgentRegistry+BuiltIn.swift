public import Cache
public import Conversations
public import Tenancy

/// The stores that agents' tools work on.
public struct AgentStores: Sendable {
    /// Definitions of companies' own agents.
    public var definitions: AgentStore
    /// What `@mem` remembers.
    public var memories: MemoryStore
    /// What companies sell.
    public var products: ProductStore
    /// Questions and answers.
    public var faqs: FAQStore
    /// Interests and drafted orders.
    public var leads: LeadStore
    /// Customers, for orders of known ones.
    public var customers: CustomerStore
    /// What `@cal` works on.
    public var calendar: CalContext
    /// The times that customers ask for.
    public var bookings: BookingStore
    /// What `@mail` works on.
    public var mail: MailContext
    /// The conversations, for `@assistant`.
    public var conversations: ConversationStore
    /// Tools of the company's MCP servers, which its own agents may hold.
    public var mcp: MCPTools
    /// Reads the company of a scope, from a cache if there is one.
    public var company: @Sendable (TenantScope) async throws -> Company

    /// These stores.
    public init(
        definitions: AgentStore, memories: MemoryStore, products: ProductStore, faqs: FAQStore, leads: LeadStore,
        customers: CustomerStore, calendar: CalContext, bookings: BookingStore, mail: MailContext,
        conversations: ConversationStore, mcp: MCPTools,
        company: @escaping @Sendable (TenantScope) async throws -> Company
    ) {
        self.definitions = definitions
        self.memories = memories
        self.products = products
        self.faqs = faqs
        self.leads = leads
        self.customers = customers
        self.calendar = calendar
        self.bookings = bookings
        self.mail = mail
        self.conversations = conversations
        self.mcp = mcp
        self.company = company
    }
}

extension AgentRegistry {
    /// The agents every company has, `mail`, `cal`, `mem`, `sales`, `assistant`, and those it defined for itself.
    /// - Parameters:
    ///   - cache: where a company's definitions are cached; without it they are read each time.
    ///   - generator: answers for the agents with a language model; nil when all answer by rules alone.
    public static func standard(
        _ stores: AgentStores, cache: GenerationCache?, generator: Generator? = nil
    ) -> AgentRegistry {
        let memory: [any Tool] = [
            MemSaveTool(stores.memories), MemSearchTool(stores.memories), MemListTool(stores.memories),
            MemForgetTool(stores.memories), MemGetTool(stores.memories), MemShareTool(stores.memories),
        ]
        let catalogue: [any Tool] = [
            CatalogSearchTool(stores.products), CatalogListTool(stores.products), CatalogGetTool(stores.products),
            PriceQuoteTool(stores.products), StockCheckTool(stores.products), CompanyInfoTool(stores.company),
            LeadCreateTool(stores.leads),
            OrderDraftTool(stores.leads, products: stores.products, customers: stores.customers),
        ]
        let desk = BookingContext(bookings: stores.bookings, calendar: stores.calendar)
        let booking: [any Tool] = [CalSlotsTool(desk), CalRequestTool(desk, customers: stores.customers)]
        let common: [any Tool] = [FAQSearchTool(stores.faqs), HandoffTool()]
        let asking: [any Tool] = [DelegateTool(), ConversationSearchTool(stores.conversations)]
        let fixed = memory + catalogue + common + stores.mail.tools + stores.calendar.tools + booking + asking
        return AgentRegistry(
            [
                MailAgent(tools: stores.mail.tools), CalAgent(tools: stores.calendar.tools), MemAgent(tools: memory),
                SalesAgent(tools: catalogue + common + booking),
                AssistantAgent(tools: [FAQSearchTool(stores.faqs)] + asking),
            ],
            rows: cache.map { rows(stores.definitions, cache: $0) } ?? { scope, _ in
                try await stores.definitions.all(scope)
            },
            tools: { scope, names in
                // No name of a server's tool, no look-up: most agents have none.
                if let names, !names.contains(where: { $0.hasPrefix("mcp_") }) { return ToolCatalog(fixed) }
                return ToolCatalog(fixed + (try await stores.mcp.tools(for: scope, named: names)))
            }, generator: generator)
    }
}
