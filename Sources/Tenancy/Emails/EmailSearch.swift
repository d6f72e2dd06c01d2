public import Foundation
import JSON

/// What is looked for in a mailbox, written as in the search box of a mail program:
/// `from:ana subject:"spring offer" is:unread in:sent after:2026-01-31 newer_than:7d budget`.
public struct EmailSearch: Sendable, Hashable {
    /// Which folder.
    public enum Folder: String, Sendable, Hashable {
        /// What came in.
        case inbox
        /// What went out or is to.
        case sent
        /// What was written and not sent.
        case drafts
    }

    /// Words that all have to occur.
    public var words = ""
    /// Parts of the sender's address or name.
    public var from: [String] = []
    /// Parts of a recipient's address.
    public var to: [String] = []
    /// Parts of the subject.
    public var subject: [String] = []
    /// Only those that are read, or that are not.
    public var isRead: Bool?
    /// Only those in this folder.
    public var folder: Folder?
    /// Not before this moment.
    public var after: Date?
    /// Before this moment.
    public var before: Date?

    /// Everything.
    public init() {}

    /// Reads a search text; at most 32 parts count. What looks like an operator and is none counts as words.
    public init(_ text: String, now: Date = Date()) {
        var words: [String] = []
        for term in Self.terms(text).prefix(32) {
            guard let colon = term.firstIndex(of: ":"), term.index(after: colon) < term.endIndex,
                take(String(term[..<colon]).lowercased(), String(term[term.index(after: colon)...]), now)
            else {
                words.append(term)
                continue
            }
        }
        self.words = words.joined(separator: " ")
    }

    private mutating func take(_ name: String, _ value: String, _ now: Date) -> Bool {
        switch (name, value.lowercased()) {
        case ("from", _): from.append(value)
        case ("to", _): to.append(value)
        case ("subject", _): subject.append(value)
        case ("is", "unread"): isRead = false
        case ("is", "read"): isRead = true
        case ("in", "inbox"): folder = .inbox
        case ("in", "sent"): folder = .sent
        case ("in", "drafts"), ("in", "draft"): folder = .drafts
        case ("after", let day):
            guard let date = Self.day(day) else { return false }
            after = date
        case ("before", let day):
            guard let date = Self.day(day) else { return false }
            before = date
        case ("newer_than", let age):
            guard let seconds = Self.age(age) else { return false }
            after = now.addingTimeInterval(-seconds)
        default: return false
        }
        return true
    }

    /// `2026-01-31` or `2026/01/31`, in UTC.
    private static func day(_ text: String) -> Date? {
        Timestamp.parse(text.replacing("/", with: "-") + "T00:00:00Z")
    }

    /// `7d`, `2w`, `3m`, `1y`, in seconds.
    private static func age(_ text: String) -> TimeInterval? {
        guard let unit = text.last, let count = Int(text.dropLast()), (1...10_000).contains(count) else { return nil }
        let days: [Character: Int] = ["d": 1, "w": 7, "m": 30, "y": 365]
        return days[unit].map { Double($0 * count) * 86_400 }
    }

    /// The parts between spaces; quotation marks hold words together and are left out.
    private static func terms(_ text: String) -> [String] {
        var terms: [String] = []
        var term = ""
        var isQuoted = false
        for character in text.prefix(1_000) {
            if character == "\"" || character == "“" || character == "”" {
                isQuoted.toggle()
            } else if character.isWhitespace, !isQuoted {
                if !term.isEmpty { terms.append(term) }
                term = ""
            } else {
                term.append(character)
            }
        }
        return term.isEmpty ? terms : terms + [term]
    }
}
