public import Tenancy

extension AgentRegistry {
    /// The agents every company has: `mail`, `cal`, `mem`, `sales`, `assistant`.
    public static func builtIn(memories: MemoryStore, products: ProductStore) -> AgentRegistry {
        AgentRegistry([
            UnlinkedAgent.mail, UnlinkedAgent.cal,
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
