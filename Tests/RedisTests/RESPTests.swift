import CHiredis
import NIOCore
import Testing

@testable import Redis

@Suite struct RESPTests {
    @Test(
        arguments: [
            ["PING"], ["SET", "", ""], [.text("ключ"), .bytes([0, 13, 10, 255]), .integer(-9)],
            [.text(String(repeating: "x", count: 100_000)), .integer(.max), .integer(.min)],
        ] as [[RedisArgument]])
    func `commands are the bytes hiredis would send`(arguments: [RedisArgument]) {
        var buffer = ByteBuffer()
        RESPWriter.write(arguments, into: &buffer)
        #expect(Array(buffer.readableBytesView) == hiredisCommand(arguments))
        #expect(RESPWriter.size(arguments) >= buffer.readableBytes)
    }

    @Test func `words encoded before are the same bytes`() {
        func bytes(_ command: [RedisArgument]) -> [UInt8] {
            var buffer = ByteBuffer()
            RESPWriter.write(command, into: &buffer)
            #expect(RESPWriter.size(command) >= buffer.readableBytes)
            return Array(buffer.readableBytesView)
        }
        let command: [RedisArgument] = ["SET", .bytes([0, 13]), 5, "EX", 60]
        #expect(bytes(["SET", .words(RedisWords(Array(command[1...3]))), 60]) == bytes(command))
        #expect(bytes([.words(RedisWords(command))]) == bytes(command))
    }

    private func hiredisCommand(_ arguments: [RedisArgument]) -> [UInt8] {
        let bytes = arguments.map { argument -> [UInt8] in
            switch argument {
            case .text(let text): Array(text.utf8)
            case .bytes(let bytes): bytes
            case .integer(let number): Array(String(number).utf8)
            case .words: []
            }
        }
        let copies = bytes.map { word -> UnsafeMutablePointer<CChar> in
            let copy = UnsafeMutablePointer<CChar>.allocate(capacity: word.count + 1)
            for (index, byte) in word.enumerated() { copy[index] = CChar(bitPattern: byte) }
            return copy
        }
        defer { for copy in copies { copy.deallocate() } }
        var pointers = copies.map { UnsafePointer<CChar>?($0) }
        var command: UnsafeMutablePointer<CChar>?
        let length = redisFormatCommandArgv(&command, Int32(bytes.count), &pointers, bytes.map(\.count))
        defer { redisFreeCommand(command) }
        return UnsafeRawBufferPointer(start: command, count: Int(length)).map { $0 }
    }

    static let wire =
        "+OK\r\n:-42\r\n$-1\r\n$4\r\na\0\r\n\r\n*-1\r\n*0\r\n$0\r\n\r\n"
        + "-WRONGTYPE not a list\r\n*2\r\n*1\r\n:1\r\n-ERR\r\n"
    static let values: [RESPValue] = [
        .simpleString("OK"), .integer(-42), .null, .bulk([97, 0, 13, 10]), .null, .array([]), .bulk([]),
        .error(code: "WRONGTYPE", message: "not a list"),
        .array([.array([.integer(1)]), .error(code: "ERR", message: "")]),
    ]

    @Test(arguments: [1, 2, 3, 7, 1_000])
    func `replies are the same however the bytes are cut`(step: Int) throws {
        let reader = try RESPReader(maxReplyBytes: 1_000)
        var got: [RESPValue] = []
        let bytes = Array(Self.wire.utf8)
        for start in stride(from: 0, to: bytes.count, by: step) {
            try bytes[start..<min(start + step, bytes.count)].withUnsafeBytes { try reader.feed($0) }
            while let value = try reader.next() { got.append(value) }
        }
        #expect(got == Self.values)
    }

    @Test func `a reply beyond the limit is refused before it is complete`() throws {
        let reader = try RESPReader(maxReplyBytes: 100)
        #expect(throws: RedisError.protocolViolation("a reply is larger than 100 bytes")) {
            for _ in 0..<20 {
                try Array("$1000000\r\n".utf8).withUnsafeBytes { try reader.feed($0) }
                _ = try reader.next()
            }
        }
    }

    @Test(arguments: ["HTTP/1.1 400 Bad Request\r\n", "$x\r\n", "*-2\r\n", ":12a\r\n"])
    func `what is not RESP is an error`(text: String) throws {
        let reader = try RESPReader(maxReplyBytes: 1_000)
        #expect(throws: RedisError.self) {
            try Array(text.utf8).withUnsafeBytes { try reader.feed($0) }
            _ = try reader.next()
        }
    }

    @Test func `values answer in the type asked for`() {
        #expect(RESPValue.bulk(Array("12".utf8)).integer == 12)
        #expect(RESPValue.simpleString("OK").bytes == Array("OK".utf8))
        #expect(RESPValue.bulk([0xff]).string == nil)
        #expect(RESPValue.integer(1).array == nil)
        #expect(RESPValue.null.isNull)
    }
}
