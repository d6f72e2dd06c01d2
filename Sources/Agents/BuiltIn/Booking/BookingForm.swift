import Foundation
import JSON

/// What is known of an appointment while it is being asked for, one thing at a time. Lives in the note of a pending
/// question.
struct BookingForm: Sendable, Hashable {
    /// What is asked for.
    enum Slot: String, Sendable, Hashable { case slot, day, confirm, name, contact }

    /// The name of the skill whose question it is.
    static let skill = "booking"

    /// When it begins, as the tools write it; nil while nothing was chosen.
    var start: String?
    /// Minutes of the day that were named beside an unclear day.
    var minute: Int?
    var duration: Int?
    var name: String?
    var asks = Slot.slot
    /// Answers in a row that did not fit.
    var misses = 0

    init(duration: Int?) { self.duration = duration }

    init?(_ note: String) {
        guard let json = try? JSONValue.parse(Array(note.utf8)),
            let asks = json["asks"]?.stringValue.flatMap(Slot.init)
        else { return nil }
        func number(_ name: String) -> Int? { json[name]?.integerValue.flatMap { Int(exactly: $0) } }
        start = json["start"]?.stringValue
        minute = number("minute")
        duration = number("duration")
        name = json["name"]?.stringValue
        self.asks = asks
        misses = number("misses") ?? 0
    }

    var note: String {
        var json: JSONObject = ["asks": .string(asks.rawValue), "misses": .integer(Int64(misses))]
        json["start"] = start.map { .string($0) }
        json["minute"] = minute.map { .integer(Int64($0)) }
        json["duration"] = duration.map { .integer(Int64($0)) }
        json["name"] = name.map { .string($0) }
        return JSONValue.object(json).encodedString
    }
}
