import Foundation
import Tenancy

/// What is added to the notice that a person was called, while nobody works: when somebody does again. Only where the
/// company says when it works.
enum AwayNotice {
    /// How many days ahead a working day is looked for.
    private static let days = 14

    /// The sentence; nil while somebody works, or where nothing is known of it.
    static func text(_ company: Company, at now: Date, _ language: Language) -> String? {
        guard let hours = company.settings.statedWorkingHours else { return nil }
        let zone = company.settings.timeZone ?? .gmt
        let today = zone.civil(now).day
        let windows = hours.windows(today...today.adding(days), zone: zone)
        guard !windows.contains(where: { $0.start <= now && now < $0.end }),
            let next = windows.first(where: { $0.start > now })
        else { return nil }
        let words = BookingPhrases(language: language, zone: zone)
        let start = "\(words.start(next.start)) (\(CalPhrases.name(zone)))"
        return switch language {
        case .english: "We are closed right now and back on \(start)."
        case .spanish: "Ahora está cerrado; volvemos el \(start)."
        }
    }
}
