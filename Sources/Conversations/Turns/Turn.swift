public import Foundation
public import JSON

/// One durable piece of work: one agent answers one message. A document of the collection `turns`.
///
/// ```
/// queued ─claim─▶ running ─commit─▶ succeeded | handed_off | failed
///   ▲               │ ├─ a tool needs approval ─▶ awaiting_approval ─decision─▶ queued
///   │               │ └─ control changed, trigger deleted ─▶ cancelled
///   └─ lease lost ──┘        queued ─ a later turn covers it ─▶ superseded
/// ```
public struct Turn: Sendable, Hashable {
    /// How far it is.
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// Waits for a worker.
        case queued
        /// A worker has it, as long as its lease lasts.
        case running
        /// Waits for a member's decision about a tool call. Its reply says so.
        case awaitingApproval = "awaiting_approval"
        /// Answered.
        case succeeded
        /// Handed the conversation to a person, with one notice.
        case handedOff = "handed_off"
        /// Given up, with one notice.
        case failed
        /// A later turn answered its message too.
        case superseded
        /// Called off: nobody is answered.
        case cancelled

        /// Whether nothing more happens.
        public var isFinal: Bool {
            switch self {
            case .queued, .running, .awaitingApproval: false
            case .succeeded, .handedOff, .failed, .superseded, .cancelled: true
            }
        }
    }

    /// The turn's id; follows from trigger and agent, so that accepting a message twice makes one turn.
    public let id: UUID
    /// The company.
    public let companyId: UUID
    /// The conversation.
    public let conversationId: UUID
    /// The message it answers.
    public let triggerMessageId: UUID
    /// That message's place in the conversation.
    public let triggerSeq: Int
    /// Its place among the turns of that message, from 0.
    public let ordinal: Int
    /// The agent's name.
    public let agent: String
    /// Who wrote the message, as ``Message/sender``.
    public let author: String
    /// Whether the message named the agent. Such a message is an instruction of its own and never covered by another.
    public let isAddressed: Bool
    /// When it was accepted.
    public let createdAt: Date
    /// How far it is.
    public var state: State
    /// Which try this is, from 1 once it was claimed.
    public var attempt: Int
    /// Not to be started before.
    public var notBefore: Date
    /// When it was claimed last.
    public var startedAt: Date?
    /// When it ended.
    public var finishedAt: Date?
    /// The claim that is running it.
    public var lease: UUID?
    /// Until when that claim holds without being renewed.
    public var leaseUntil: Date?
    /// Which of the company's places it runs in, from 0: a unique index lets each place be used once.
    public var slot: Int?
    /// Messages of the same author that this turn answers too, oldest first, its trigger left out.
    public var covers: [UUID]
    /// The turn that answers instead.
    public var supersededBy: UUID?
    /// The reply.
    public var replyMessageId: UUID?
    /// Why it failed or was called off, in words without message text.
    public var error: String?
    /// Attempts that were made before a member asked for another try; they do not count any more.
    public var earlierAttempts = 0
    /// The answer so far, while it is being written.
    public var draft: String?
    /// The tool calls that it is making, while it runs.
    public var tools: [RunningTool] = []
    /// What the turn worked from when it was interrupted by an approval, so that it goes on from the same.
    public var input: JSONObject?
    /// The record for `agent_logs` that is still to be written there.
    public var record: JSONObject?

    /// A turn that waits.
    public init(
        id: UUID, trigger: Message, ordinal: Int, agent: String, isAddressed: Bool, notBefore: Date,
        createdAt: Date
    ) {
        self.id = id
        companyId = trigger.companyId
        conversationId = trigger.conversationId
        triggerMessageId = trigger.id
        triggerSeq = trigger.seq
        self.ordinal = ordinal
        self.agent = agent
        author = trigger.sender
        self.isAddressed = isAddressed
        self.createdAt = createdAt
        state = .queued
        attempt = 0
        self.notBefore = notBefore
        covers = []
    }

    /// Which try this is since the turn was accepted, or since a member asked for it to be tried again.
    public var currentAttempt: Int { attempt - earlierAttempts }

    var key: ConversationKey { ConversationKey(companyId: companyId, conversationId: conversationId) }
}
