import Cache
import Conversations
import Foundation
import Tenancy

/// Pages of messages as they are sent, kept while the conversation's edition lasts: most reads find what they read before.
struct MessagePages: Sendable {
    /// A page and who may see it.
    struct Kept: Sendable {
        let answer: Answer
        let audience: Audience
    }

    let conversations: ConversationStore
    let cache: EditionCache<Kept>

    /// The messages in `window` of a conversation.
    func answer(_ conversationId: UUID, _ window: MessageWindow, for call: Call) async throws -> Answer {
        let scope = try call.scope
        // Visitors see less of the same page.
        let part = "\(scope.customerId == nil ? "" : "visitor ")\(window.position.cursor ?? "") \(window.limit)"
        let edition = call.caller.edition
        if let edition,
            let kept = cache.value(conversationId, companyId: scope.companyId, part: part, edition: edition)
        {
            guard scope.sees(kept.audience) else { throw NotFound("conversation") }
            return kept.answer
        }
        let (page, audience) = try await conversations.shownMessages(
            of: conversationId, at: window.position, limit: window.limit, in: scope)
        let answer = Answer.cacheable(MessageList(scope.view(page)))
        if let edition {
            cache.keep(
                Kept(answer: answer.shared, audience: audience), conversationId, companyId: scope.companyId, part: part,
                edition: edition, bytes: answer.body.size)
        }
        return answer
    }
}
