public import Conversations
import JSON

/// The messages of a conversation that a prompt shows, and those that it only sums up because a person handled them.
public struct PromptWindow: Sendable {
    /// The messages since the last hand-back, oldest first.
    public var messages: [Message] = []
    /// The last messages before it, oldest first; none when nothing was ever handed back.
    public var earlier: [Message] = []

    /// Nothing.
    public init() {}

    /// Splits what was written before a message.
    /// - Parameter boundary: `control.boundarySeq`.
    public init(_ messages: [Message], boundary: Int?) {
        self.messages = messages.filter { $0.seq > boundary ?? 0 }
        earlier = messages.filter { $0.seq <= boundary ?? 0 }
    }

    /// Reads it. What stands before the boundary costs a read of its own only when the window begins after it.
    init(before turn: AgentTurn, in conversations: ConversationStore) async throws {
        let (boundary, scope) = (turn.conversation.control.boundarySeq, turn.tools.scope.tenant)
        func read(before seq: Int) async throws -> [Message] {
            try await conversations.messages(
                of: turn.conversation.id, at: .before(seq), limit: PromptAssembly.windowMessages, in: scope
            ).messages
        }
        self.init(try await read(before: turn.trigger.seq), boundary: boundary)
        if let boundary, boundary > 0, earlier.isEmpty { earlier = try await read(before: boundary + 1) }
    }

    /// One line about what came before the boundary, in our words: who handled it and until when. Nothing of what was
    /// said, so that nobody's old wish is taken for a new one.
    static func summary(of earlier: [Message], _ speakers: inout SpeakerNames) -> String? {
        guard let last = earlier.last else { return nil }
        var people: [String] = []
        var agents: [String] = []
        for message in earlier {
            switch message.role {
            case .user:
                guard case .member(let name) = speakers.speaker(of: message, for: "") else { continue }
                if !people.contains(name) { people.append(name) }
            case .agent:
                let name = "@" + (message.agentName ?? "agent")
                if !agents.contains(name) { agents.append(name) }
            case .customer, .system: break
            }
        }
        let who =
            people.isEmpty
            ? "A person of the company was called for"
            : "People of the company (\(people.joined(separator: ", "))) handled this conversation"
        let before = agents.isEmpty ? "" : "; \(agents.joined(separator: ", ")) had answered before"
        return "\(who) until \(Timestamp.string(last.timestamp).prefix(16)) UTC and then it was handed back to you"
            + "\(before). What was said until then is not shown. Go on from the messages below, and call nobody for what "
            + "was asked then."
    }
}
