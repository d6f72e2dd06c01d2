import Agents
import Conversations
import Foundation
import Tenancy

extension MessagePosting {
    /// The message that a body describes, under the name of the member who writes it.
    ///
    /// - Parameter member: how the member is called; nil for a program and for a visitor.
    /// - Throws: ``Problem`` when the caller may not write in that role.
    static func draft(
        _ input: Input, in scope: TenantScope, by member: String?, id: UUID?
    ) throws(Problem) -> MessageDraft {
        let isVisitor = scope.customerId != nil
        let role = input.string("role").flatMap { MessageRole(word: $0) } ?? (isVisitor ? .customer : .user)
        if isVisitor, role != .customer { throw .forbidden("A widget token writes messages of role customer only.") }
        var draft = MessageDraft(
            role: role, content: try input.required("content"), id: id,
            clientMessageId: input.string("clientMessageId"), metadata: input.members("metadata") ?? [:],
            inReplyTo: input.identifier("inReplyTo"))
        // A visitor speaks for no member and for no agent.
        guard !isVisitor else {
            draft.metadata[AuthorName.key] = nil
            return draft
        }
        draft.sign(as: member)
        draft.agentName = input.string("agentName").map { $0.hasPrefix("@") ? String($0.dropFirst()) : $0 }
        draft.reasoning = input.value("reasoning")
        draft.functionCalls = input.value("functionCalls")
        draft.functionOutputs = input.value("functionOutputs")
        return draft
    }

    /// Where a message is written, for the question who answers when it names nobody.
    nonisolated(nonsending) func surface(_ call: Call, _ head: ConversationHead) async throws -> Router.Surface {
        let scope = try call.scope
        guard scope.customerId != nil else { return .other }
        return .widget(
            agent: try await companies.company(scope, generations: call.caller.generations)
                .settings.widgetAgent)
    }
}
