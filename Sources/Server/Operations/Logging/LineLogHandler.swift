import Foundation
import JSON
import Logging

/// Writes each log entry as one line: text for a person at a terminal, JSON for a collector.
struct LineLogHandler: LogHandler {
    enum Style { case text, json }

    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    var logLevel: Logger.Level
    let label: String
    let style: Style

    init(label: String, style: Style, level: Logger.Level) {
        self.label = label
        self.style = style
        logLevel = level
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var fields = event.metadata ?? [:]
        if let provided = metadataProvider?.get() { fields.merge(provided) { own, _ in own } }
        if !metadata.isEmpty { fields.merge(metadata) { own, _ in own } }
        let line =
            style == .json
            ? json(event, fields) : text(event, fields)
        LogSink.standardError.write(line, isUrgent: event.level >= .warning)
    }

    func json(_ event: LogEvent, _ fields: Logger.Metadata) -> [UInt8] {
        var writer = JSONWriter(capacity: 256)
        writer.object { writer in
            writer.field("time", Date())
            writer.field("level", event.level.rawValue)
            writer.field("logger", label)
            writer.field("message", event.message.description)
            for (key, value) in fields.sorted(by: { $0.key < $1.key }) { writer.field(key: key, value.description) }
        }
        writer.raw("\n".utf8)
        return writer.bytes
    }

    private func text(_ event: LogEvent, _ fields: Logger.Metadata) -> [UInt8] {
        let pairs = fields.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
        let line = "\(Timestamp.string(Date())) \(event.level.rawValue.uppercased()) \(event.message)\(pairs)"
        // One entry is one line, whatever a value holds.
        return Array(line.replacing("\n", with: "\\n").utf8) + [UInt8(ascii: "\n")]
    }
}

extension LineLogHandler {
    /// Makes every logger of the process write like this. Call once, first thing in `main`.
    static func bootstrap(level: Logger.Level) {
        let style: Style = isatty(STDERR_FILENO) == 1 ? .text : .json
        // Whatever ends the process in an orderly way, its last lines are written.
        atexit { LogSink.standardError.flush() }
        LoggingSystem.bootstrap { label in LineLogHandler(label: label, style: style, level: level) }
    }
}
