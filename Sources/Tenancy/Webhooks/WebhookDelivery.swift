public import Foundation
public import JSON
import Postgres

/// One event for one webhook, and what became of it.
public struct WebhookDelivery: Sendable, Hashable {
    /// How far it is.
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// It is still to be sent, or is being sent.
        case pending
        /// The program took it.
        case delivered
        /// Given up.
        case failed
        /// What it was about is gone, or is not the company's.
        case dropped
    }

    /// The delivery's id.
    public let id: UUID
    /// The company.
    public let companyId: UUID
    /// The webhook.
    public let webhookId: UUID
    /// The event's id, the same for every try: `webhook-id`.
    public let eventId: UUID
    /// What happened.
    public let kind: String
    /// The conversation it is about.
    public let conversationId: UUID?
    /// The message it is about.
    public let messageId: UUID?
    /// How far it is.
    public let state: State
    /// How often it was sent.
    public let attempts: Int
    /// The HTTP status of the last answer.
    public let status: Int?
    /// What went wrong last.
    public let error: String?
    /// How long the last try took, in milliseconds.
    public let durationMs: Int?
    /// When it is sent next, while it waits.
    public let dueAt: Date
    /// When it happened.
    public let happenedAt: Date
    /// When it was over.
    public let finishedAt: Date?
    let position: Int64

    static let columns: SQL = """
        webhook_deliveries.id, webhook_deliveries.company_id, webhook_id, event_id, kind, conversation_id, message_id,
        state, attempts, status, error, duration_ms, due_at, happened_at, finished_at, position
        """

    init(_ row: PostgresRow) throws {
        id = try row.get("id")
        companyId = try row.get("company_id")
        webhookId = try row.get("webhook_id")
        eventId = try row.get("event_id")
        kind = try row.get("kind")
        conversationId = try row.get("conversation_id")
        messageId = try row.get("message_id")
        state = State(rawValue: try row.get("state")) ?? .failed
        attempts = try row.get("attempts")
        status = try row.get("status")
        error = try row.get("error")
        durationMs = try row.get("duration_ms")
        dueAt = try row.get("due_at")
        happenedAt = try row.get("happened_at")
        finishedAt = try row.get("finished_at")
        position = try row.get("position")
    }
}

extension WebhookDelivery: JSONEncodable {
    /// Writes the delivery as the API shows it.
    public func encode(into writer: inout JSONWriter) {
        writer.object {
            $0.field("id", id)
            $0.field("webhookId", webhookId)
            $0.field("eventId", eventId)
            $0.field("type", kind)
            $0.field("conversationId", conversationId)
            $0.field("messageId", messageId)
            $0.field("state", state.rawValue)
            $0.field("attempts", attempts)
            $0.field("status", status)
            $0.field("error", error)
            $0.field("durationMs", durationMs)
            $0.field("nextAttemptAt", state == .pending ? dueAt : nil)
            $0.field("happenedAt", happenedAt)
            $0.field("finishedAt", finishedAt)
        }
    }
}

/// An event that webhooks may want to be told of.
public struct WebhookNews: Sendable, Hashable {
    /// The event's id: noting it again changes nothing.
    public var id: UUID
    /// What happened.
    public var event: WebhookEvent
    /// The conversation.
    public var conversationId: UUID
    /// The message, when it is about one.
    public var messageId: UUID?
    /// When it happened.
    public var at: Date

    /// An event.
    public init(id: UUID, event: WebhookEvent, conversationId: UUID, messageId: UUID?, at: Date) {
        self.id = id
        self.event = event
        self.conversationId = conversationId
        self.messageId = messageId
        self.at = at
    }
}

/// A delivery that somebody has taken to send, with where to.
public struct ClaimedDelivery: Sendable {
    /// The delivery.
    public let delivery: WebhookDelivery
    /// Where it is sent.
    public let url: String
    /// What it is signed with.
    public let secret: String
}

/// What came of a try.
public struct WebhookOutcome: Sendable, Hashable {
    /// The HTTP status; nil when there was no answer.
    public var status: Int?
    /// What went wrong; nil when it was taken.
    public var error: String?
    /// How long it took, in milliseconds.
    public var milliseconds: Int

    /// An outcome.
    public init(status: Int?, error: String?, milliseconds: Int) {
        self.status = status
        self.error = error
        self.milliseconds = milliseconds
    }

    /// Whether the program says that it wants nothing any more: 410.
    var isGone: Bool { status == 410 }
}
