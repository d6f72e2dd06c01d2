/// Who may use a tool where. Pure; decided from the stored message and the conversation, never from what was said.
public enum ToolPermission {
    /// Nil when a tool of this effect may be used, else why not.
    /// - Parameters:
    ///   - audience: whom the agent serves.
    ///   - author: who wrote the message that started the turn.
    ///   - isReadByCustomer: whether a customer reads the conversation.
    public static func refusal(
        _ effect: ToolEffect, audience: AgentAudience, author: MentionAuthor, isReadByCustomer: Bool
    ) -> ToolError? {
        if author == .customer, !effect.isAllowedForCustomers {
            return .notAllowed("a customer's message cannot use \(effect.rawValue) tools")
        }
        if audience != .internal, !effect.isAllowedForCustomers {
            return .notAllowed("agents that serve customers cannot use \(effect.rawValue) tools")
        }
        if effect == .privateRead, isReadByCustomer { return .customerReads }
        return nil
    }
}
