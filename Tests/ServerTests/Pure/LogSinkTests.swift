import Foundation
import JSON
import Logging
import TestSupport
import Testing

@testable import Server

/// Log lines: in order, all of them while there is room, none of them waited for.
@Suite struct LogSinkTests {
    private func written(_ limit: Int = 1 << 20, _ body: (LogSink) async throws -> Void) async throws -> String {
        let pipe = Pipe()
        let sink = LogSink(descriptor: pipe.fileHandleForWriting.fileDescriptor, maximumBytes: limit)
        try await body(sink)
        sink.flush()
        try pipe.fileHandleForWriting.close()
        return String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    }

    @Test func linesKeepTheirOrder() async throws {
        let text = try await written { sink in
            for number in 0..<500 {
                sink.write(Array("\(number)\n".utf8), isUrgent: number.isMultiple(of: 50))
                if number.isMultiple(of: 100) { sink.flush() }
            }
        }
        #expect(text == (0..<500).map { "\($0)\n" }.joined())
    }

    /// The line of a request is written past the logger, and looks as if it had come through it.
    @Test func theLineOfARequestIsLikeEveryOther() throws {
        let handler = LineLogHandler(label: "switchboard", style: .json, level: .info)
        let written = handler.line {
            RequestLog.fields(
                method: "G\"ET", milliseconds: "1.250", requestId: "r", route: "/a/{id}", status: 200, &$0)
        }
        let fields: Logger.Metadata = [
            "requestId": "r", "method": "G\"ET", "route": "/a/{id}", "status": "200", "ms": "1.250",
        ]
        let event = LogEvent(
            level: .info, message: "request", metadata: fields, source: "", file: "", function: "", line: 1)
        func sorted(_ line: [UInt8]) throws -> [String] {
            let object = try #require(try JSONValue.parse(line).objectValue)
            return object.filter { $0.key != "time" }.map { "\($0.key) \($0.value.encodedString)" }.sorted()
        }
        #expect(try sorted(written) == sorted(handler.json(event, fields)))
        #expect(written.last == UInt8(ascii: "\n") && written.count { $0 == UInt8(ascii: "\n") } == 1)
    }

    @Test func whatFindsNoRoomIsCounted() async throws {
        let text = try await written(100) { sink in
            // The thread that writes may take some of them at once; what is dropped is told either way.
            for _ in 0..<50 { sink.write(Array(repeating: UInt8(ascii: "x"), count: 99) + [10], isUrgent: false) }
        }
        let lines = text.split(separator: "\n")
        let kept = lines.count { $0.hasPrefix("x") }
        let dropped = lines.compactMap { line -> Int? in
            let words = line.split(separator: "\"").last { $0.hasSuffix("log lines were dropped") }
            return words.flatMap { Int($0.prefix(while: \.isNumber)) }
        }.reduce(0, +)
        #expect(kept >= 1 && dropped >= 1)
        #expect(kept + dropped == 50)
    }

    @Test func anUrgentLineIsWrittenWithoutBeingAskedFor() async throws {
        let pipe = Pipe()
        let sink = LogSink(descriptor: pipe.fileHandleForWriting.fileDescriptor)
        sink.write(Array("first\n".utf8), isUrgent: false)
        sink.write(Array("second\n".utf8), isUrgent: true)
        let reader = pipe.fileHandleForReading
        let text = await Task.detached { String(decoding: reader.availableData, as: UTF8.self) }.value
        #expect(text == "first\nsecond\n")
    }
}
