import Cache
import Conversations
import Foundation
import Tenancy

/// Pages of messages as they are sent, kept while the conversation's edition lasts: most reads find what they read before.
struct MessagePages: Sendable {
    /// A page and who may see it.
    final class Kept: Sendable {
        let answer: Answer
        let audience: Audience

        init(_ answer: Answer, _ audience: Audience) { (self.answer, self.audience) = (answer, audience) }
    }

    /// Which page, and for whom: visitors see less of the same one.
    struct Part: Hashable, Sendable {
        let isVisitors: Bool
        let position: MessagePosition
        let limit: Int
    }

    let conversations: ConversationStore
    let cache: EditionCache<Part, Kept>

    /// The messages in `window` of a conversation.
    nonisolated(nonsending) func answer(
        _ conversationId: UUID, _ window: MessageWindow, for call: Call
    ) async throws -> Answer {
        let scope = try call.scope
        let part = Part(isVisitors: scope.customerId != nil, position: window.position, limit: window.limit)
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
                Kept(answer.shared, audience), conversationId, companyId: scope.companyId, part: part,
                edition: edition, bytes: answer.body.size)
        }
        return answer
    }
}
