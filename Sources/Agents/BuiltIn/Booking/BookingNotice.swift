public import Foundation
public import Tenancy

/// What is said in a conversation when a member has decided about a booking.
public enum BookingNotice {
    /// The words, in the language in which the time was asked for.
    public static func text(_ booking: Booking) -> String {
        let language = Language(rawValue: booking.content.language) ?? .english
        let zone = TimeZone(identifier: booking.content.timeZone) ?? .gmt
        let words = BookingPhrases(language: language, zone: zone)
        let moment = words.moment(DateSpan(start: booking.content.startsAt, end: booking.content.endsAt))
        return switch booking.status {
        case .requested: words.requested(moment)
        case .confirmed: words.confirmed(moment)
        case .declined: words.declined(moment)
        case .cancelled: words.cancelled(moment)
        }
    }

    /// The message's id: one for each decision.
    public static func id(_ booking: Booking) -> UUID {
        TurnIdentity.row(of: booking.id, "notice \(booking.status.rawValue)")
    }
}
