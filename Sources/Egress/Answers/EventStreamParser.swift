/// One event of a `text/event-stream`.
public struct ServerSentEvent: Sendable, Hashable {
    /// Its kind; empty when the stream names none.
    public var name: String
    /// What it carries, in UTF-8 as it came; several data lines with line feeds between.
    public var data: [UInt8]
    /// The stream's last id so far.
    public var id: String?

    /// An event.
    public init(event name: String = "", data: [UInt8], id: String? = nil) {
        self.name = name
        self.data = data
        self.id = id
    }
}

/// What makes a stream of events unacceptable.
public enum EventStreamError: Error, Sendable, Hashable {
    /// One event has more bytes than allowed; says the limit.
    case eventTooLarge(Int)
    /// The stream has more bytes than allowed; says the limit.
    case streamTooLarge(Int)
}

/// Reads Server-Sent Events from bytes that may be cut anywhere, inside a character too. Pure: it keeps only the
/// unfinished event.
///
/// Lines end with LF, CRLF or CR; a byte order mark at the beginning is skipped, comments are ignored.
public struct EventStreamParser: Sendable {
    private let maximumEvent: Int
    private let maximumTotal: Int
    private var total = 0
    private var line: [UInt8] = []
    private var data: [UInt8]?
    private var event = ""
    private var id: String?
    private var endedWithReturn = false
    private var isFirstLine = true

    /// A parser.
    /// - Parameters:
    ///   - maximumEvent: bytes of one event.
    ///   - maximumTotal: bytes of the whole stream.
    public init(maximumEvent: Int = 1 << 20, maximumTotal: Int = 10 << 20) {
        self.maximumEvent = maximumEvent
        self.maximumTotal = maximumTotal
    }

    /// Takes the next bytes in and returns the events that they complete.
    /// - Throws: ``EventStreamError`` when a limit is passed; the stream is then of no more use.
    public mutating func feed(_ bytes: some Sequence<UInt8>) throws(EventStreamError) -> [ServerSentEvent] {
        var events: [ServerSentEvent] = []
        for byte in bytes {
            total += 1
            if total > maximumTotal { throw .streamTooLarge(maximumTotal) }
            switch byte {
            case 0x0A where endedWithReturn: endedWithReturn = false
            case 0x0A, 0x0D:
                endedWithReturn = byte == 0x0D
                if let event = endLine() { events.append(event) }
            default:
                endedWithReturn = false
                line.append(byte)
                if line.count + (data?.count ?? 0) > maximumEvent { throw .eventTooLarge(maximumEvent) }
            }
        }
        return events
    }

    /// Ends the stream. The standard drops an event that no blank line ended; some servers rely on it, so it is
    /// returned for the caller to see whether it makes sense.
    public mutating func finish() -> ServerSentEvent? {
        if !line.isEmpty { _ = endLine() }
        return dispatch()
    }

    private mutating func endLine() -> ServerSentEvent? {
        defer { line.removeAll(keepingCapacity: true) }
        var text = line[...]
        if isFirstLine {
            isFirstLine = false
            if text.starts(with: [0xEF, 0xBB, 0xBF]) { text = text.dropFirst(3) }
        }
        if text.isEmpty { return dispatch() }
        let name = text.prefix { $0 != UInt8(ascii: ":") }
        if name.isEmpty { return nil }
        var value = text.dropFirst(name.count + 1)
        if value.first == UInt8(ascii: " ") { value.removeFirst() }
        switch String(decoding: name, as: UTF8.self) {
        case "data":
            if data != nil { data?.append(0x0A) }
            data = (data ?? []) + value
        case "event": event = String(decoding: value, as: UTF8.self)
        case "id" where !value.contains(0): id = String(decoding: value, as: UTF8.self)
        default: break
        }
        return nil
    }

    private mutating func dispatch() -> ServerSentEvent? {
        defer {
            data = nil
            event = ""
        }
        guard let data else { return nil }
        return ServerSentEvent(event: event, data: data, id: id)
    }
}

extension EventStreamParser {
    /// A parser for an answer that is bounded already.
    /// - Parameter maximumBytes: bytes of one event.
    public init(maximumBytes: Int) { self.init(maximumEvent: maximumBytes, maximumTotal: .max) }

    /// As ``feed(_:)``, with the words of a request to somebody else's server.
    /// - Throws: ``EgressError`` of code `too_large` when a limit is passed.
    public mutating func append(_ bytes: some Sequence<UInt8>) throws(EgressError) -> [ServerSentEvent] {
        do {
            return try feed(bytes)
        } catch {
            switch error {
            case .eventTooLarge(let limit):
                throw EgressError(.tooLarge, "the server sent an event of more than \(limit) bytes")
            case .streamTooLarge(let limit):
                throw EgressError(.tooLarge, "the server sent more than \(limit) bytes")
            }
        }
    }
}
