import Agents
import Conversations
import Foundation
import JSON

/// One agent's answer to one message.
struct AgentReply: JSONEncodable {
    let conversationId: UUID
    let outcome: TurnOutcome

    func encode(into writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("reply", outcome.replies.first)
            writer.field("conversationId", conversationId)
            writer.field(
                "turn",
                object: { writer in
                    let turn = outcome.turns.first
                    writer.field("id", turn?.id)
                    writer.field("agent", turn?.agent)
                    writer.field("state", turn?.state ?? "running")
                })
        }
    }
}
