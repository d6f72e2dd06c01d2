import Agents
import Conversations
import Foundation
import JSON
import Tenancy

extension ConversationStream {
    /// Tells a reader who comes in the middle how far the running answer is: what was told before, in one piece. What
    /// is told from now on joins it by its offset. A member also learns which tools it is using. When the store does not
    /// answer, the reader waits for the reply.
    mutating func tellDrafts() async {
        guard end == nil else { return }
        let turns = replay.conversations.turns
        let worker = TenantScope.forJob(companyId: scope.companyId)
        guard let turn = try? await turns.running(in: conversationId, worker), !turn.agent.hasPrefix("#") else {
            return
        }
        line.frames.event(
            "turn.started",
            data: TurnProgress(
                turnId: turn.id, conversationId: conversationId, agentName: turn.agent,
                messageId: turn.triggerMessageId
            ).encoded)
        if scope.customerId == nil {
            for tool in turn.tools {
                line.frames.event(
                    ToolEvent.Kind.started.rawValue,
                    data: ToolProgress(turnId: turn.id, conversationId: conversationId, tool: tool).encoded)
            }
        }
        guard let draft = turn.draft, !draft.isEmpty else { return }
        line.frames.event(
            "message.delta",
            data: DraftDelta(
                turnId: turn.id, conversationId: conversationId, agentName: turn.agent, offset: 0, text: draft,
                isSnapshot: true
            ).encoded)
    }
}
