import Foundation
import JSON
import Logging

/// The one line of each request in the log. Where lines are written as JSON it is written straight into its place: there
/// is one for every request, and the way of all other entries, through a dictionary, costs several times as much.
struct RequestLog: Sendable {
    private let logger: Logger
    private let lines: LineLogHandler?

    init(_ logger: Logger) {
        self.logger = logger
        let handler = logger.handler as? LineLogHandler
        lines = handler?.writesPlainJSON == true ? handler : nil
    }

    func write(_ request: Request, route: String, status: Int, elapsed: Duration) {
        guard logger.logLevel <= .info else { return }
        let microseconds = Int(elapsed / .microseconds(1))
        let fraction = String(microseconds % 1000 + 1000).dropFirst()
        let milliseconds = "\(microseconds / 1000).\(fraction)"
        guard let lines else {
            return logger.info(
                "request",
                metadata: [
                    "requestId": .string(request.requestId), "method": .string(request.method.rawValue),
                    "route": .string(route), "status": .string(String(status)), "ms": .string(milliseconds),
                ])
        }
        lines.write {
            Self.fields(
                method: request.method.rawValue, milliseconds: milliseconds, requestId: request.requestId,
                route: route, status: status, &$0)
        }
    }

    static func fields(
        method: String, milliseconds: String, requestId: String, route: String, status: Int,
        _ writer: inout JSONWriter
    ) {
        writer.field("message", "request")
        writer.field("method", method)
        writer.field("ms", milliseconds)
        writer.field("requestId", requestId)
        writer.field("route", route)
        writer.field("status", String(status))
    }
}

extension LineLogHandler {
    /// Whether an entry is its own fields, as JSON, and nothing besides.
    fileprivate var writesPlainJSON: Bool { style == .json && metadata.isEmpty && metadataProvider == nil }

    /// Writes an entry of level info whose fields `body` writes.
    fileprivate func write(_ body: (inout JSONWriter) -> Void) {
        LogSink.standardError.write(line(body), isUrgent: false)
    }

    /// Such an entry.
    func line(_ body: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter(capacity: 256)
        writer.object { writer in
            writer.field("time", Date())
            writer.field("level", Logger.Level.info.rawValue)
            writer.field("logger", label)
            body(&writer)
        }
        writer.raw("\n".utf8)
        return writer.bytes
    }
}
