import NIOCore

/// Neighbouring words of a command that is sent again and again, encoded once.
public struct RedisWords: Sendable, Hashable {
    /// How many words they are.
    let count: Int
    /// How they look on the wire.
    let bytes: [UInt8]

    /// Encodes words; nothing is sent yet.
    public init(_ words: [RedisArgument]) {
        var buffer = ByteBuffer()
        for word in words { RESPWriter.write(word, into: &buffer) }
        count = words.reduce(0) { $0 + $1.wordCount }
        bytes = Array(buffer.readableBytesView)
    }
}

extension RedisArgument {
    /// How many words of the command it is.
    var wordCount: Int {
        if case .words(let words) = self { words.count } else { 1 }
    }
}
