import Foundation
import JSON

/// How times are read and written in one turn, as the tool `cal_settings` tells it.
struct CalClock {
    let words: CalPhrases
    let now: Date
    let isDayFirst: Bool?

    var zone: TimeZone { words.zone }
    var today: CivilDate { zone.civil(now).day }

    /// Asks the tool.
    init(_ language: Language, _ turn: AgentTurn) async throws {
        let json = try await turn.tools.call("cal_settings")
        let zone = json["timeZone"]?.stringValue.flatMap { TimeZone(identifier: $0) } ?? .gmt
        words = CalPhrases(language, zone: zone)
        now = turn.now
        isDayFirst = json["dayFirst"]?.boolValue
    }

    func reader(_ text: String) -> WhenReader { WhenReader(text, now: now, zone: zone, isDayFirst: isDayFirst) }

    /// The options for a date that can be read in two ways.
    func options(_ first: CivilDate, _ second: CivilDate) -> [PendingQuestion.Option] {
        [.init(words.day(first), first.text), .init(words.day(second), second.text)]
    }
}

/// A question with numbered options.
func numbered(_ lead: String, _ options: [PendingQuestion.Option]) -> String {
    ([lead] + options.enumerated().map { "\($0.offset + 1). \($0.element.label)" }).joined(separator: "\n")
}
