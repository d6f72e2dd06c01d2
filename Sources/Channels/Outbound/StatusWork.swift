import Conversations
import Foundation
import JSON
import Tenancy

/// Word of our own messages.
struct StatusWork: Sendable {
    let stores: ChannelStores
    let display: DeliveryDisplay
    let configuration: ChannelConfiguration
    let onReopened: @Sendable () -> Void

    /// Applies word of a provider. One about a message that nobody here knows is looked at again for a while: it may
    /// have come before the answer to our own call.
    /// - Returns: after how many seconds to look again; nil when it is done.
    func apply(_ event: ChannelEvent, _ channel: Channel) async throws -> Double? {
        let status = WhatsAppStatus(event.payload["status"] ?? .null)
        guard var news = status?.news ?? PostmarkWord.news(event.payload["mail"] ?? .null) else { return nil }
        if status?.verdict == .held { news.state = .held }
        guard let (entry, isChanged) = try await stores.outbox.note(event.scope, channel, news) else {
            let age = Date().timeIntervalSince(event.receivedAt)
            let parking = configuration.parkingTime.seconds
            return age < parking ? max(parking / 10, 0.05) : nil
        }
        if let verdict = status?.verdict {
            switch verdict {
            case .held where entry.kind == .text && isChanged:
                try await stores.outbox.hold(entry, withTemplate: channel.template != nil)
                onReopened()
            case .paused(let reason):
                try await stores.channels.note(event.scope, channel.id, error: reason, pauses: true)
            default: break
            }
        }
        if isChanged { await display.show(entry.messageId, in: entry.conversationId, event.scope) }
        return nil
    }

    /// A contact wrote: what was held back may be sent.
    func opened(_ contact: Contact, at date: Date) async throws {
        if try await stores.outbox.reopen(contact, at: date) > 0 { onReopened() }
    }
}
