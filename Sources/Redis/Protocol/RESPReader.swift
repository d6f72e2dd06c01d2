internal import CHiredis

/// hiredis's incremental parser. Owns the C reader; belongs to one event loop.
///
/// Every reply is copied into a ``RESPValue`` and freed before the next call to hiredis.
final class RESPReader {
    private let reader: UnsafeMutablePointer<redisReader>
    private let maxReplyBytes: Int
    private var unfinishedBytes = 0

    /// - Parameter maxReplyBytes: how much may arrive without completing a reply.
    init(maxReplyBytes: Int) throws(RedisError) {
        guard let reader = redisReaderCreate() else { throw .protocolViolation("no memory for a parser") }
        self.reader = reader
        self.maxReplyBytes = maxReplyBytes
    }

    deinit { redisReaderFree(reader) }

    /// Adds bytes from the wire.
    func feed(_ bytes: UnsafeRawBufferPointer) throws(RedisError) {
        guard let start = bytes.baseAddress, !bytes.isEmpty else { return }
        unfinishedBytes += bytes.count
        guard unfinishedBytes <= maxReplyBytes else {
            throw .protocolViolation("a reply is larger than \(maxReplyBytes) bytes")
        }
        guard redisReaderFeed(reader, start.assumingMemoryBound(to: CChar.self), bytes.count) == REDIS_OK else {
            throw failure
        }
    }

    /// The next complete reply, or nil when more bytes are needed.
    func next() throws(RedisError) -> RESPValue? {
        var raw: UnsafeMutableRawPointer?
        guard redisReaderGetReply(reader, &raw) == REDIS_OK else { throw failure }
        guard let raw else { return nil }
        defer { freeReplyObject(raw) }
        // What follows a complete reply in the buffer was counted with it; only a growing tail can pass the limit.
        unfinishedBytes = 0
        return Self.copy(raw.assumingMemoryBound(to: redisReply.self).pointee)
    }

    private var failure: RedisError {
        let text = withUnsafeBytes(of: reader.pointee.errstr) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        return .protocolViolation(text)
    }

    private static func copy(_ reply: redisReply) -> RESPValue {
        switch reply.type {
        case REDIS_REPLY_INTEGER: return .integer(reply.integer)
        case REDIS_REPLY_NIL: return .null
        case REDIS_REPLY_STATUS: return .simpleString(String(decoding: bytes(reply), as: UTF8.self))
        case REDIS_REPLY_STRING: return .bulk(Array(bytes(reply)))
        case REDIS_REPLY_ERROR: return error(String(decoding: bytes(reply), as: UTF8.self))
        default:
            // Array, or one of the RESP3 kinds that hiredis 1.x knows: those with elements are lists too.
            guard reply.elements > 0, let elements = reply.element else {
                return reply.str == nil ? .array([]) : .bulk(Array(bytes(reply)))
            }
            return .array(
                (0..<reply.elements).map { index in elements[index].map { copy($0.pointee) } ?? .null })
        }
    }

    private static func bytes(_ reply: redisReply) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: reply.str, count: reply.str == nil ? 0 : Int(reply.len))
    }

    private static func error(_ text: String) -> RESPValue {
        let parts = text.split(separator: " ", maxSplits: 1)
        return .error(code: String(parts.first ?? "ERR"), message: parts.count > 1 ? String(parts[1]) : "")
    }
}
