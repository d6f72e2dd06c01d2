import Foundation
import JSON

/// Writes frames of `text/event-stream` as the HTML standard defines it.
struct ServerSentEvents: Sendable, Hashable {
    /// What is to be sent.
    private(set) var bytes: [UInt8] = []

    var isEmpty: Bool { bytes.isEmpty }

    /// Adds an event.
    /// - Parameters:
    ///   - id: the cursor after this event; nil for what does not move it, such as `typing`.
    ///   - data: JSON text. A line break in it, which JSON does not need, begins another `data:` line.
    mutating func event(_ name: String, id: String? = nil, data: [UInt8]) {
        field("event", Array(name.utf8))
        if let id { field("id", Array(id.utf8)) }
        for line in data.split(whereSeparator: Self.isBreak) { field("data", Array(line)) }
        // Clients drop an event without data.
        if data.allSatisfy(Self.isBreak) { field("data", Array("{}".utf8)) }
        bytes.append(Self.newline)
    }

    /// Adds a line which clients ignore; it keeps the connection open.
    mutating func comment(_ text: String) {
        bytes += ": ".utf8
        bytes += text.utf8.filter { !Self.isBreak($0) }
        bytes += [Self.newline, Self.newline]
    }

    /// Tells the client how long to wait before it connects again.
    mutating func retry(milliseconds: Int) {
        field("retry", Array(String(milliseconds).utf8))
        bytes.append(Self.newline)
    }

    /// Hands out what is to be sent and begins anew.
    mutating func take() -> [UInt8] {
        defer { bytes = [] }
        return bytes
    }

    private mutating func field(_ name: StaticString, _ value: [UInt8]) {
        bytes += name.description.utf8
        bytes += ": ".utf8
        bytes += value.filter { !Self.isBreak($0) && $0 != 0 }
        bytes.append(Self.newline)
    }

    private static let newline = UInt8(ascii: "\n")
    private static func isBreak(_ byte: UInt8) -> Bool { byte == newline || byte == UInt8(ascii: "\r") }
}
