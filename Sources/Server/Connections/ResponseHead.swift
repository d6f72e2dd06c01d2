import Foundation
import HTTPTypes
import NIOCore
import Synchronization

/// The head of an answer as it goes over the wire, RFC 9112.
struct ResponseHead {
    /// How the client knows where the body ends.
    enum Framing: Equatable {
        case length(Int)
        case chunks
        /// By the end of the connection.
        case close
    }

    let status: HTTPResponse.Status
    let headers: AnswerHeaders
    let framing: Framing
    /// What the answer says of the connection: nothing where the protocol's default holds.
    var connection: String?

    /// Whether answers with this status have a body, or say how long it is.
    static func hasBody(_ status: HTTPResponse.Status) -> Bool {
        status.code >= 200 && status.code != 204 && status.code != 304
    }

    func write(to buffer: inout ByteBuffer) {
        buffer.writeStaticString("HTTP/1.1 ")
        buffer.writeString(String(status.code))
        buffer.writeStaticString(" ")
        buffer.writeString(status.reasonPhrase)
        for field in headers { Self.write(field.name.rawName, field.value, to: &buffer) }
        buffer.writeString(
            headers.contains(.contentSecurityPolicy) ? SecurityHeaders.linesOfPages : SecurityHeaders.lines)
        buffer.writeStaticString("\r\nDate: ")
        buffer.writeString(HTTPDate.now)
        switch framing {
        case .length(let length) where Self.hasBody(status):
            buffer.writeStaticString("\r\nContent-Length: ")
            buffer.writeString(String(length))
        case .chunks: buffer.writeStaticString("\r\nTransfer-Encoding: chunked")
        case .length, .close: break
        }
        if let connection { Self.write("Connection", connection, to: &buffer) }
        buffer.writeStaticString("\r\n\r\n")
    }

    private static func write(_ name: String, _ value: String, to buffer: inout ByteBuffer) {
        buffer.writeStaticString("\r\n")
        buffer.writeString(name)
        buffer.writeStaticString(": ")
        // What would end the line, and begin another one, is no part of a value.
        let start = buffer.writerIndex
        buffer.writeString(value)
        let isSane = buffer.withUnsafeReadableBytes { bytes in
            bytes[(start - buffer.readerIndex)...].allSatisfy { $0 >= 0x20 && $0 != 0x7F }
        }
        if !isSane {
            buffer.moveWriterIndex(to: start)
            buffer.writeBytes(value.utf8.map { $0 < 0x20 || $0 == 0x7F ? 0x20 : $0 })
        }
    }
}

/// The time as headers say it, RFC 9110 section 5.6.7. Written once a second.
enum HTTPDate {
    private static let last = Mutex((second: 0, text: ""))

    static var now: String {
        let second = time(nil)
        return last.withLock { last in
            if last.second != second { last = (second, text(second)) }
            return last.text
        }
    }

    static func text(_ second: Int) -> String {
        var (second, parts) = (second, tm())
        gmtime_r(&second, &parts)
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(days[Int(parts.tm_wday)]), \(two(parts.tm_mday)) \(months[Int(parts.tm_mon)]) "
            + "\(parts.tm_year + 1900) \(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)) GMT"
    }
}
