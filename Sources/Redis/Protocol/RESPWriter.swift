import NIOCore

/// Encodes commands straight into the buffer that goes to the socket.
///
/// `redisFormatCommandArgv` wants two C arrays of pinned arguments and allocates the command, which would then
/// be copied here: four allocations and one copy more for each command. A test holds the bytes equal to its own.
enum RESPWriter {
    /// Appends a command.
    static func write(_ arguments: [RedisArgument], into buffer: inout ByteBuffer) {
        writeHeader("*", arguments.reduce(0) { $0 + $1.wordCount }, into: &buffer)
        for argument in arguments { write(argument, into: &buffer) }
    }

    /// Appends one argument of a command.
    static func write(_ argument: RedisArgument, into buffer: inout ByteBuffer) {
        switch argument {
        case .text(let text):
            writeHeader("$", text.utf8.count, into: &buffer)
            buffer.writeString(text)
        case .bytes(let bytes):
            writeHeader("$", bytes.count, into: &buffer)
            buffer.writeBytes(bytes)
        case .integer(let number):
            let text = String(number)
            writeHeader("$", text.utf8.count, into: &buffer)
            buffer.writeString(text)
        case .words(let words):
            // They have their ends already.
            buffer.writeBytes(words.bytes)
            return
        }
        buffer.writeStaticString("\r\n")
    }

    /// A little more than the number of bytes that ``write(_:into:)`` appends.
    static func size(_ arguments: [RedisArgument]) -> Int {
        arguments.reduce(24) { sum, argument in
            switch argument {
            case .text(let text): sum + text.utf8.count + 24
            case .bytes(let bytes): sum + bytes.count + 24
            case .integer: sum + 44
            case .words(let words): sum + words.bytes.count
            }
        }
    }

    private static func writeHeader(_ kind: StaticString, _ count: Int, into buffer: inout ByteBuffer) {
        buffer.writeStaticString(kind)
        buffer.writeString(String(count))
        buffer.writeStaticString("\r\n")
    }
}
