public import Tenancy

extension AgentRegistry {
    /// The agents every company has: `mail`, `cal`, `mem`, `sales`, `assistant`.
    public static func builtIn(
        memories: MemoryStore, products: ProductStore, calendar: CalContext, mail: MailContext
    ) -> AgentRegistry {
        AgentRegistry([
            MailAgent(tools: mail.tools), CalAgent(tools: calendar.tools),
            MemAgent(tools: [
                MemSaveTool(memories), MemSearchTool(memories), MemListTool(memories), MemForgetTool(memories),
            ]),
            SalesAgent(tools: [
                CatalogSearchTool(products), CatalogListTool(products), CatalogGetTool(products), HandoffTool(),
            ]),
            AssistantAgent(),
        ])
    }
}
