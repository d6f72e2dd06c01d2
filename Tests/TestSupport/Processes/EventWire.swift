import Foundation
public import JSON

/// The server refused a stream.
public struct StreamRefused: Error, CustomStringConvertible {
    /// What it answered instead.
    public let reply: Wire.Reply
    /// Status and body.
    public var description: String { "\(reply.status): \(String(decoding: reply.body, as: UTF8.self))" }
}

/// A client of Server-Sent Events on a connection of its own, blocking. It reads only when it is told to, so that it can
/// be as slow as a test likes. To be used by one thread at a time.
public final class EventWire {
    /// An event.
    public struct Event: Sendable, Equatable {
        /// The kind of event.
        public let name: String
        /// The cursor after it.
        public let id: String?
        /// The data as it came.
        public let data: [UInt8]

        /// The data as JSON; `null` when it is none.
        public var json: JSONValue { (try? JSONValue.parse(data)) ?? .null }
        /// A member of the data.
        public subscript(key: String) -> JSONValue { json[key] ?? .null }
    }

    /// What a stream brings.
    public enum Item: Sendable, Equatable {
        /// An event.
        case event(Event)
        /// A line that is only to show that the stream lives, or says why it ends.
        case comment(String)
        /// How many milliseconds to wait before connecting again.
        case retry(Int)
        /// The server ended the stream as HTTP wants it.
        case end
    }

    private let wire: Wire
    /// The headers of the answer.
    public let headers: [String: String]
    private var text: [UInt8] = []
    private var place = 0
    private var chunkLeft = 0
    private var isOver = false

    /// Opens a stream.
    /// - Throws: ``StreamRefused``, ``WireError``.
    public init(
        port: Int, _ path: String, token: String?, lastEventId: String? = nil, headers: [String: String] = [:]
    ) throws {
        wire = try Wire(port: port)
        var head = "GET \(path) HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n"
        if let token { head += "Authorization: Bearer \(token)\r\n" }
        if let lastEventId { head += "Last-Event-ID: \(lastEventId)\r\n" }
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        try wire.write(Array((head + "\r\n").utf8))
        let reply = try wire.readHead()
        self.headers = reply.headers
        guard reply.status == 200 else {
            let length = reply.headers["content-length"].flatMap { Int($0) } ?? 0
            while wire.received.count < length { try wire.receive() }
            throw StreamRefused(
                reply: Wire.Reply(status: reply.status, headers: reply.headers, body: Array(wire.received[..<length])))
        }
    }

    /// The next item; nil when none comes within `seconds`.
    /// - Throws: ``WireError/closed`` when the connection breaks.
    public func next(within seconds: Double = 20) throws -> Item? {
        let end = ContinuousClock.now + .seconds(seconds)
        while true {
            if let item = takeItem() { return item }
            if isOver { return .end }
            if try takeChunk() { continue }
            let left = (end - ContinuousClock.now) / .seconds(1)
            guard left > 0, wire.wait(left) else { return nil }
            try wire.receive()
        }
    }

    /// The next event of this name, others passed over; nil when none comes within `seconds` or before the end.
    public func event(_ name: String, within seconds: Double = 20) throws -> Event? {
        let end = ContinuousClock.now + .seconds(seconds)
        while let item = try next(within: (end - ContinuousClock.now) / .seconds(1)) {
            if case .event(let event) = item, event.name == name { return event }
            if item == .end { return nil }
        }
        return nil
    }

    /// Everything that comes until the end, at most for `seconds`; the last is ``Item/end`` when it came.
    public func rest(within seconds: Double = 20) throws -> [Item] {
        var items: [Item] = []
        let end = ContinuousClock.now + .seconds(seconds)
        while items.last != .end, let item = try next(within: (end - ContinuousClock.now) / .seconds(1)) {
            items.append(item)
        }
        return items
    }

    /// Moves what came of the body behind the text read so far; false when more bytes are needed.
    private func takeChunk() throws -> Bool {
        if chunkLeft == 0 {
            guard let line = Self.find("\r\n", in: wire.received[...], from: 0) else { return false }
            let size = String(decoding: wire.received[..<line], as: UTF8.self)
            guard let length = Int(size.prefix { $0 != ";" }, radix: 16) else { throw WireError.notHTTP }
            wire.received.removeFirst(line + 2)
            guard length > 0 else {
                isOver = true
                return true
            }
            chunkLeft = length + 2
        }
        guard !wire.received.isEmpty else { return false }
        let count = min(chunkLeft, wire.received.count)
        // The line break after a chunk is not part of it.
        let content = min(count, max(0, chunkLeft - 2))
        text += wire.received[..<content]
        wire.received.removeFirst(count)
        chunkLeft -= count
        return true
    }

    private func takeItem() -> Item? {
        guard let end = Self.find("\n\n", in: text[...], from: place) else {
            if place > 0 {
                text.removeFirst(place)
                place = 0
            }
            return nil
        }
        let frame = text[place..<end]
        place = end + 2
        return Self.item(frame)
    }

    /// Reads a frame. Searches by the C library: hundreds of readers in a test read every byte that was sent.
    private static func item(_ frame: ArraySlice<UInt8>) -> Item {
        var event = Event(name: "message", id: nil, data: [])
        var start = frame.startIndex
        while start < frame.endIndex {
            let end = find("\n", in: frame, from: start) ?? frame.endIndex
            let colon = min(find(":", in: frame, from: start) ?? end, end)
            let value = Array(frame[min(colon + 2, end)..<end])
            switch String(decoding: frame[start..<colon], as: UTF8.self) {
            case "": return .comment(String(decoding: value, as: UTF8.self))
            case "retry": return .retry(Int(String(decoding: value, as: UTF8.self)) ?? -1)
            case "event": event = Event(name: String(decoding: value, as: UTF8.self), id: event.id, data: event.data)
            case "id": event = Event(name: event.name, id: String(decoding: value, as: UTF8.self), data: event.data)
            case "data":
                let before = event.data.isEmpty ? [] : event.data + [UInt8(ascii: "\n")]
                event = Event(name: event.name, id: event.id, data: before + value)
            default: break
            }
            start = end + 1
        }
        return .event(event)
    }

    private static func find(_ text: StaticString, in bytes: ArraySlice<UInt8>, from start: Int) -> Int? {
        bytes.withUnsafeBytes { found in
            guard let base = found.baseAddress else { return nil }
            let length = text.utf8CodeUnitCount
            var place = start - bytes.startIndex
            while found.count - place >= length,
                let next = memchr(base + place, Int32(text.utf8Start.pointee), found.count - place - length + 1)
            {
                place = UnsafeRawPointer(next) - base
                if memcmp(next, text.utf8Start, length) == 0 { return bytes.startIndex + place }
                place += 1
            }
            return nil
        }
    }
}
