public import Foundation
public import JSON

/// A time that somebody asked for through an agent.
public struct Booking: Sendable, Hashable {
    /// What became of it.
    public enum Status: String, Sendable, Hashable, CaseIterable {
        /// Nobody decided yet; the time is held.
        case requested
        /// A member agreed: it is an event of a calendar.
        case confirmed
        /// A member said no; the time is free again.
        case declined
        /// A member called it off after it was confirmed.
        case cancelled
    }

    /// Its id, also that of the calendar's event once it is confirmed.
    public let id: UUID
    /// What became of it.
    public let status: Status
    /// What was asked for.
    public let content: BookingDraft
    /// The member who decided last.
    public let decidedBy: UUID?
    /// When it was asked for.
    public let createdAt: Date
    /// When it last changed.
    public let updatedAt: Date
    /// Counts changes; the `ETag`.
    public let version: Int
}

/// What somebody asks for.
public struct BookingDraft: Sendable, Hashable {
    /// When it begins.
    public var startsAt: Date
    /// When it is over: 5 minutes to 8 hours later.
    public var endsAt: Date
    /// The IANA name of the company's zone.
    public var timeZone: String
    /// The customer, when it is known.
    public var customerId: UUID?
    /// Where it was asked for.
    public var conversationId: UUID?
    /// The agent that noted it.
    public var agentName: String
    /// The person's name, as they said it.
    public var name: String?
    /// Their e-mail address or phone number, as they said it.
    public var contact: String?
    /// What it is about, up to 500 characters.
    public var note: String?
    /// The language in which it was asked for, `en` or `es`.
    public var language: String
    /// Whose calendar it is for; nil for the company's own.
    public var userId: UUID?

    /// A request for a time.
    public init(
        startsAt: Date, endsAt: Date, timeZone: String, customerId: UUID? = nil, conversationId: UUID? = nil,
        agentName: String, name: String? = nil, contact: String? = nil, note: String? = nil, language: String = "en",
        userId: UUID? = nil
    ) {
        self.startsAt = startsAt
        self.endsAt = endsAt
        self.timeZone = timeZone
        self.customerId = customerId
        self.conversationId = conversationId
        self.agentName = agentName
        self.name = name
        self.contact = contact
        self.note = note
        self.language = language
        self.userId = userId
    }

    /// What the calendar's event is called.
    var title: String { String((name ?? contact ?? "Booking").prefix(200)) }

    var checks: FieldChecks {
        var checks = FieldChecks()
        checks.text("name", name, 1...200)
        checks.text("contact", contact, 1...254)
        checks.text("note", note, 1...500)
        checks.text("timeZone", timeZone, 1...64)
        let minutes = endsAt.timeIntervalSince(startsAt) / 60
        let range = BookingSettings.durations
        if minutes < Double(range.lowerBound) || minutes > Double(range.upperBound) {
            checks.add("endsAt", "out_of_range", "must be 5 minutes to 8 hours after the beginning")
        }
        return checks
    }
}

extension Booking: JSONEncodable {
    /// Writes the request with all that was said, and what became of it.
    public func encode(into writer: inout JSONWriter) {
        writer.object {
            $0.field("id", id)
            $0.field("status", status.rawValue)
            $0.field("startsAt", content.startsAt)
            $0.field("endsAt", content.endsAt)
            $0.field("timeZone", content.timeZone)
            $0.field("customerId", content.customerId)
            $0.field("conversationId", content.conversationId)
            $0.field("agent", content.agentName)
            $0.field("name", content.name)
            $0.field("contact", content.contact)
            $0.field("note", content.note)
            $0.field("memberId", content.userId)
            $0.field("decidedBy", decidedBy)
            $0.field("createdAt", createdAt)
            $0.field("updatedAt", updatedAt)
        }
    }
}
