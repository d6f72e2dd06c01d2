import Foundation
import JSON

/// Writes frames of `text/event-stream` as the HTML standard defines it.
struct ServerSentEvents: Sendable, Hashable {
    /// What is to be sent.
    private(set) var bytes: [UInt8] = []

    var isEmpty: Bool { bytes.isEmpty }
    /// Whether it is time to write: more is not gathered for one reader.
    var isLarge: Bool { bytes.count > 64 * 1024 }

    /// Adds an event.
    /// - Parameters:
    ///   - id: the cursor after this event; nil for what does not move it, such as `typing`.
    ///   - data: JSON text. A line break in it, which JSON does not need, begins another `data:` line.
    mutating func event(_ name: String, id: String? = nil, data: [UInt8]) {
        bytes.reserveCapacity(bytes.count + data.count + 160)
        field("event", Array(name.utf8))
        if let id { field("id", Array(id.utf8)) }
        if !data.isEmpty, Self.isPlain(data) {
            field("data", plain: data)
        } else {
            for line in data.split(whereSeparator: Self.isBreak) { field("data", Array(line)) }
            // Clients drop an event without data.
            if data.allSatisfy(Self.isBreak) { field("data", Array("{}".utf8)) }
        }
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
        field(name, plain: value.filter { !Self.isBreak($0) && $0 != 0 })
    }

    /// Adds a field whose value is known to be one line.
    private mutating func field(_ name: StaticString, plain value: [UInt8]) {
        bytes += UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        bytes += [UInt8(ascii: ":"), UInt8(ascii: " ")]
        bytes += value
        bytes.append(Self.newline)
    }

    /// Whether it can be copied as it is: JSON always can. Looks at whole words: a stream copies each message for each
    /// of its readers.
    private static func isPlain(_ data: [UInt8]) -> Bool {
        data.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return true }
            return [newline, UInt8(ascii: "\r"), 0].allSatisfy { memchr(start, Int32($0), bytes.count) == nil }
        }
    }

    private static let newline = UInt8(ascii: "\n")
    private static func isBreak(_ byte: UInt8) -> Bool { byte == newline || byte == UInt8(ascii: "\r") }
}
