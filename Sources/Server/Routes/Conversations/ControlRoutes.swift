import Agents
import Conversations
import Foundation
import JSON
import Tenancy

/// Who may answer: a person, an agent, nobody in particular.
struct ControlRoutes: RouteGroup {
    let conversations: ConversationStore
    let members: MemberStore
    let registry: AgentRegistry
    let invalidation: Invalidation

    var routes: [Route] { [control] }

    private var control: Route {
        Route(
            method: .post, path: "/api/conversations/{id}/control",
            summary: "Take, release or pass on who may answer. While a person has control agents are silent.",
            tag: "Conversations", access: .company(.conversationsWrite),
            body: .object([
                .required("action", .words(["take", "release", "pass"])),
                .optional(
                    "to", .text(1...64).orNull.described("For `pass`: a member's user id, or the name of an agent.")),
            ]), answers: [.ok("Conversation")]
        ) { call in
            let scope = try call.scope
            let id = try call.id()
            let conversation = try await conversations.conversation(id, in: scope)
            let holder = try await holder(call.input, scope, conversation)
            let result = try await conversations.giveControl(of: id, to: holder, in: scope)
            if result.isChanged { await invalidation.conversations(of: scope.companyId) }
            return Answer.json(result.conversation).tagged(result.conversation.version)
        }
    }

    private func holder(
        _ input: Input, _ scope: TenantScope, _ conversation: Conversation
    ) async throws -> String? {
        switch try input.required("action") {
        case "take":
            guard let userId = scope.userId else { throw Problem.forbidden("Only a person takes control; pass it on.") }
            return userId.lowercased
        case "pass":
            guard let to = input.string("to") else {
                throw Problem.invalid("to", "required", "is required for pass: a user id or the name of an agent")
            }
            return try await holder(named: to, scope, conversation)
        default: return nil
        }
    }

    private func holder(
        named text: String, _ scope: TenantScope, _ conversation: Conversation
    ) async throws -> String {
        if let userId = UUID(strict: text) {
            guard try await members.find(.forJob(companyId: scope.companyId), userId) != nil else {
                throw Problem.invalid("to", "not_found", "is no member of the company")
            }
            if case .user(let owner) = conversation.audience.owner, owner != userId {
                throw Problem.invalid("to", "not_found", "does not see this conversation")
            }
            return userId.lowercased
        }
        let bare = ["agent:", "@"].first { text.hasPrefix($0) }.map { text.dropFirst($0.count) } ?? text[...]
        let serves: MentionAuthor = conversation.customerId == nil ? .member : .customer
        let visible = try await registry.visible(to: serves, scope)
        guard let agent = visible.first(where: { $0.name == bare.lowercased() }) else {
            throw Problem.invalid("to", "not_found", "is no agent that may answer here, and no member's id")
        }
        return "agent:\(agent.name)"
    }
}
