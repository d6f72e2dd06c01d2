public import Foundation
public import JSON

/// How a message fares on its way to a customer who reads it on WhatsApp or in their mail program.
public struct Delivery: Sendable, Hashable {
    /// How far it is.
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// Stored, and nobody has taken it up yet; ``Message`` is its own outbox until then.
        case pending
        /// Is being sent.
        case queued
        /// Waits until the customer writes: the provider lets nothing but a template through.
        case needsTemplate = "needs_template"
        /// The provider has it.
        case sent
        /// Will not be delivered.
        case failed
        /// The customer's device has it.
        case delivered
        /// The customer saw it.
        case read

        /// From where a state can be reached. What was delivered stays so; what the provider took may come to wait after
        /// all, when it lets nothing through.
        var predecessors: [State] {
            switch self {
            case .pending: []
            case .queued: [.pending]
            case .needsTemplate: [.pending, .queued, .sent]
            case .sent: [.pending, .queued, .needsTemplate]
            case .failed: [.pending, .queued, .needsTemplate, .sent]
            case .delivered: [.pending, .queued, .needsTemplate, .sent, .failed]
            case .read: [.pending, .queued, .needsTemplate, .sent, .failed, .delivered]
            }
        }
    }

    /// How far it is.
    public var state: State
    /// What went wrong, in words for members.
    public var error: String?
    /// Since when it is so far.
    public var updatedAt: Date?

    /// A message that fares so.
    public init(_ state: State, error: String? = nil, updatedAt: Date? = nil) {
        self.state = state
        self.error = error
        self.updatedAt = updatedAt
    }

    /// What a new message begins with: it is to be sent when its customer reads it elsewhere and did not write it.
    init?(for role: MessageRole, in audience: Audience) {
        guard role != .customer, audience.customerId != nil, audience.owner == .company else { return nil }
        switch audience.platform {
        case .whatsapp, .email: self.init(.pending)
        case .web, .api, .internal: return nil
        }
    }
}

extension Delivery: JSONEncodable {
    /// Writes `{state, error, updatedAt}`; whether it is taken up makes no difference to clients.
    public func encode(into writer: inout JSONWriter) {
        writer.object {
            $0.field("state", (state == .pending ? .queued : state).rawValue)
            $0.field("error", error)
            $0.field("updatedAt", updatedAt)
        }
    }
}
