import Foundation
import JSON
import Tenancy

/// When and with whom, as somebody wrote it: what follows a title, or `move 2 to`.
struct CalTail: Hashable {
    var day: WhenReader.Day?
    /// Minutes of the day.
    var minute: Int?
    /// Minutes from now, for `in 2 hours`.
    var fromNow: Int?
    /// Minutes.
    var duration: Int?
    var guests: [String] = []

    /// Reads the remaining words, all of them.
    init?(_ reader: inout WhenReader) {
        while !reader.isAtEnd {
            if duration == nil, let minutes = reader.attempt({ $0.lasting() }) {
                duration = minutes
            } else if let addresses = reader.attempt({ $0.addresses() }) {
                guests += addresses.filter { !guests.contains($0) }
            } else if fromNow == nil, day == nil, let minutes = reader.attempt({ $0.fromNow() }) {
                fromNow = minutes
            } else if day == nil, let day = reader.readDay() {
                self.day = day
            } else if let start = minute, duration == nil, let end = reader.attempt({ $0.until() }), end > start {
                duration = end - start
            } else if minute == nil, let minute = reader.readTime() {
                self.minute = minute
            } else {
                return nil
            }
        }
        if day == nil, minute == nil, fromNow == nil, duration == nil, guests.isEmpty { return nil }
    }
}

extension WhenReader {
    /// `for 45m`, `durante una hora`.
    fileprivate mutating func lasting() -> Int? {
        guard take(["for", "durante", "por"]) else { return nil }
        return readDuration()
    }

    /// `in 2 hours`, `dentro de 30 min`.
    fileprivate mutating func fromNow() -> Int? {
        guard take("dentro", "de") || take(["in", "en"]) else { return nil }
        return readDuration()
    }

    /// `to 16:30`, `hasta las 4pm`.
    fileprivate mutating func until() -> Int? {
        guard take(["to", "until", "till", "hasta", "a", "-", "–"]) else { return nil }
        return readTime()
    }

    /// `with a@b.co, c@d.co`, `con a@b.co y c@d.co`.
    fileprivate mutating func addresses() -> [String]? {
        guard take(["with", "con"]) else { return nil }
        var addresses: [String] = []
        while let word = word() {
            let parts = word.split(separator: ",").map(String.init).compactMap { EmailAddress($0)?.text }
            if parts.isEmpty {
                guard !addresses.isEmpty, take(["and", "y", "e", "&"]) else { break }
            } else {
                addresses += parts
                place += 1
            }
        }
        return addresses.isEmpty ? nil : addresses
    }
}

/// An event that is being booked or moved, as far as it is known.
struct CalDraft {
    /// The event to move; nil for a new one.
    var event: String?
    var title: String
    var day: CivilDate?
    var minute: Int?
    var duration: Int?
    var guests: [String] = []
    /// The person was asked and means a time that is past.
    var allowsPast = false

    init(title: String, event: String? = nil) {
        self.title = title
        self.event = event
    }

    /// Reads `"Dentist" 03/04 15:00 for 45m with a@b.co`. Without quotation marks the title ends where the rest reads
    /// as a time. Nil when there is no title.
    static func split(_ text: String, reader: (String) -> WhenReader) -> (title: String, tail: CalTail?)? {
        let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
        let marks: [Character: Character] = ["\"": "\"", "“": "”", "«": "»", "'": "'", "‘": "’"]
        if let first = text.first, let closing = marks[first], let end = text.dropFirst().firstIndex(of: closing) {
            let title = text[text.index(after: text.startIndex)..<end].trimmingCharacters(in: .whitespaces)
            var rest = reader(String(text[text.index(after: end)...]))
            if title.isEmpty { return nil }
            return rest.isAtEnd ? (title, nil) : CalTail(&rest).map { (title, $0) }
        }
        var words = reader(text)
        let folded = FoldedText(text)
        for place in 1..<max(1, min(words.words.count, 40)) {
            words.place = place
            if let tail = CalTail(&words) { return (folded.text(from: 0, upTo: place), tail) }
        }
        return text.isEmpty ? nil : (folded.text(from: 0), nil)
    }
}

extension CalDraft {
    /// The draft as a question's note.
    var note: String {
        var json: JSONObject = ["title": .string(title), "guests": .array(guests.map { .string($0) })]
        json["event"] = event.map { .string($0) }
        json["day"] = day.map { .string($0.text) }
        json["minute"] = minute.map { .integer(Int64($0)) }
        json["duration"] = duration.map { .integer(Int64($0)) }
        if allowsPast { json["past"] = true }
        return json.encodedString
    }

    /// Reads ``note``.
    init?(note: String) {
        guard let json = try? JSONValue.parse(Array(note.utf8)), let title = json["title"]?.stringValue else {
            return nil
        }
        self.init(title: title, event: json["event"]?.stringValue)
        day = json["day"]?.stringValue.flatMap { CivilDate($0) }
        minute = json["minute"]?.integerValue.flatMap { Int(exactly: $0) }
        duration = json["duration"]?.integerValue.flatMap { Int(exactly: $0) }
        guests = json["guests"]?.arrayValue?.compactMap(\.stringValue) ?? []
        allowsPast = json["past"]?.boolValue ?? false
    }
}
