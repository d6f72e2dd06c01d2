/// One event of a `text/event-stream`.
public struct ServerSentEvent: Sendable, Hashable {
    /// The field `event`; empty when there was none.
    public var name: String
    /// The `data` lines, joined by line feeds.
    public var data: [UInt8]
    /// The last `id` so far.
    public var id: String?
}

/// Reads `text/event-stream` as WHATWG has it, from bytes in whatever pieces they come: a piece may end inside a
/// character or a line end. LF, CR and CRLF end lines; a byte order mark at the start is skipped.
public struct EventStreamParser: Sendable {
    private let maximumBytes: Int
    private var line: [UInt8] = []
    private var name: [UInt8] = []
    private var data: [UInt8] = []
    private var hasData = false
    private var id: String?
    private var lastWasReturn = false
    private var isAtStart = true

    /// A parser.
    /// - Parameter maximumBytes: bytes that one event may have.
    public init(maximumBytes: Int = 1 << 20) { self.maximumBytes = maximumBytes }

    /// Takes bytes in.
    /// - Returns: the events that are complete with them.
    /// - Throws: ``EgressError`` of code `too_large` when an event is larger than allowed.
    public mutating func append(_ bytes: some Sequence<UInt8>) throws(EgressError) -> [ServerSentEvent] {
        var events: [ServerSentEvent] = []
        for byte in bytes {
            defer { lastWasReturn = byte == 0x0D }
            if byte == 0x0A, lastWasReturn { continue }
            guard byte != 0x0A, byte != 0x0D else {
                if let event = endLine() { events.append(event) }
                continue
            }
            line.append(byte)
            guard line.count + data.count <= maximumBytes else {
                throw EgressError(.tooLarge, "the server sent an event of more than \(maximumBytes) bytes")
            }
        }
        return events
    }

    /// The event at the end that no blank line closed. The standard drops it; some servers rely on its being read.
    public mutating func finish() -> ServerSentEvent? {
        if !line.isEmpty { _ = endLine() }
        return dispatch()
    }

    private mutating func endLine() -> ServerSentEvent? {
        defer { line.removeAll(keepingCapacity: true) }
        if isAtStart {
            isAtStart = false
            if line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
        }
        guard !line.isEmpty else { return dispatch() }
        let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
        var value = line[colon...].dropFirst()
        if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
        switch String(decoding: line[..<colon], as: UTF8.self) {
        case "data":
            if hasData { data.append(0x0A) }
            data += value
            hasData = true
        case "event": name = Array(value)
        case "id" where !value.contains(0): id = String(decoding: value, as: UTF8.self)
        default: break
        }
        return nil
    }

    private mutating func dispatch() -> ServerSentEvent? {
        defer {
            name = []
            data = []
            hasData = false
        }
        return hasData ? ServerSentEvent(name: String(decoding: name, as: UTF8.self), data: data, id: id) : nil
    }
}
