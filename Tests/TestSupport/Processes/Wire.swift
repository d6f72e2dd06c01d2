import Foundation
public import JSON

/// Why there is no answer.
public enum WireError: Error, Equatable {
    /// Nobody listens.
    case refused
    /// The peer closed the connection, or it broke, before the answer was whole.
    case closed
    /// The answer did not come in time.
    case timedOut
    /// What came is not an HTTP answer.
    case notHTTP
}

/// One connection to a server, blocking, on which requests follow each other. It writes exactly what it is told, also
/// what is not HTTP. To be used by one thread at a time.
public final class Wire {
    /// An answer.
    public struct Reply: Sendable {
        /// The HTTP status.
        public let status: Int
        /// The headers, names in lower case.
        public let headers: [String: String]
        /// The body.
        public let body: [UInt8]

        /// The body as JSON; `null` when it is none.
        public var json: JSONValue { (try? JSONValue.parse(body)) ?? .null }
        /// A member of the body.
        public subscript(key: String) -> JSONValue { json[key] ?? .null }
        /// The members of `data`, for a list.
        public var data: [JSONValue] { self["data"].arrayValue ?? [] }
    }

    let descriptor: Int32
    private let noSignal = Int32(MSG_NOSIGNAL)
    /// What came and was not read yet.
    var received: [UInt8] = []

    /// Connects.
    /// - Parameter timeout: seconds for every single wait.
    /// - Throws: ``WireError/refused``.
    public init(port: Int, timeout: Int = 30) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var wait = timeval(tv_sec: timeout, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &wait, socklen_t(MemoryLayout<timeval>.size))
        }
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        var address = LocalPort.loopback(port: UInt16(port))
        let isConnected = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                connect(descriptor, generic, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        // Closed by `deinit`, which runs after this too: closed twice, it would be another thread's by then.
        guard isConnected else { throw WireError.refused }
    }

    deinit { close(descriptor) }

    /// Sends a request and reads its answer.
    public func send(
        _ method: String, _ path: String, token: String? = nil, _ body: JSONValue? = nil,
        headers: [String: String] = [:]
    ) throws -> Reply {
        var head = "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\n"
        if let token { head += "Authorization: Bearer \(token)\r\n" }
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        let bytes = body?.encoded
        if let bytes { head += "Content-Type: application/json\r\nContent-Length: \(bytes.count)\r\n" }
        try write(Array((head + "\r\n").utf8) + (bytes ?? []))
        return try read()
    }

    /// Writes bytes as they are.
    public func write(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            // Without the flag a closed connection would end the whole test process.
            let count = rest.withUnsafeBytes { Foundation.send(descriptor, $0.baseAddress, $0.count, noSignal) }
            guard count > 0 else { throw errno == EAGAIN ? WireError.timedOut : WireError.closed }
            rest = rest.dropFirst(count)
        }
    }

    /// Reads one whole answer.
    public func read() throws -> Reply {
        let head = try readHead()
        let length = head.headers["content-length"].flatMap { Int($0) } ?? 0
        while received.count < length { try receive() }
        let body = Array(received[..<length])
        received.removeFirst(length)
        return Reply(status: head.status, headers: head.headers, body: body)
    }

    /// What came up to and with `end`.
    public func take(through end: String) throws -> String {
        var split = received.firstRange(of: Array(end.utf8))
        while split == nil {
            try receive()
            split = received.firstRange(of: Array(end.utf8))
        }
        let count = split?.upperBound ?? 0
        defer { received.removeFirst(count) }
        return String(decoding: received[..<count], as: UTF8.self)
    }

    /// All that comes until the peer ends its side.
    public func takeRest() throws -> String {
        do { while true { try receive() } } catch WireError.closed {}
        defer { received = [] }
        return String(decoding: received, as: UTF8.self)
    }

    /// Ends this side: nothing more is written.
    public func endWriting() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Reads the head of an answer alone.
    func readHead() throws -> Reply {
        let end = Array("\r\n\r\n".utf8)
        var split = received.firstRange(of: end)
        while split == nil {
            try receive()
            split = received.firstRange(of: end)
        }
        guard let split else { throw WireError.notHTTP }
        let lines = String(decoding: received[..<split.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        let first = lines[0].split(separator: " ")
        guard first.count >= 2, first[0].hasPrefix("HTTP/1."), let status = Int(first[1]) else {
            throw WireError.notHTTP
        }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { throw WireError.notHTTP }
            headers[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(
                in: .whitespaces)
        }
        received.removeFirst(split.upperBound)
        return Reply(status: status, headers: headers, body: [])
    }

    /// Whether the peer closes the connection within the timeout, reading away what it still sends.
    public func isClosedByPeer() -> Bool {
        do { while true { try receive() } } catch { return error as? WireError == .closed }
    }

    /// Whether something came within so many seconds.
    public func hasAnswer(within seconds: Double) -> Bool { wait(seconds) }

    /// Waits until something came; false when nothing did within `seconds`.
    func wait(_ seconds: Double) -> Bool {
        var state = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&state, 1, Int32(max(0, seconds) * 1_000)) > 0
    }

    /// Takes in what came, waiting for it.
    func receive() throws {
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        let count = chunk.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
        guard count > 0 else { throw count < 0 && errno == EAGAIN ? WireError.timedOut : WireError.closed }
        received += chunk[..<count]
    }
}
