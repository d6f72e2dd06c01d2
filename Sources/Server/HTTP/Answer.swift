import HTTPTypes
import JSON
import NIOCore

/// What a route answers.
struct Answer: Sendable {
    enum Body: Sendable {
        case none
        case bytes([UInt8])
        /// Bytes that many answers share.
        case shared(ByteBuffer)
        /// Written piece by piece, while the connection lives and after the request was answered otherwise.
        case stream(@Sendable (OutgoingBody) -> Void)

        /// Bytes held in memory.
        var size: Int {
            switch self {
            case .none, .stream: 0
            case .bytes(let bytes): bytes.count
            case .shared(let buffer): buffer.readableBytes
            }
        }
    }

    var status: HTTPResponse.Status
    var headers: AnswerHeaders
    var body: Body
    /// How long it is held back.
    var delay = Duration.zero

    init(status: HTTPResponse.Status, headers: AnswerHeaders = AnswerHeaders(), body: Body = .none) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// JSON text.
    static func json(_ value: some JSONEncodable, status: HTTPResponse.Status = .ok) -> Answer {
        json(bytes: value.encoded, status: status)
    }

    /// JSON text written already.
    static func json(bytes: [UInt8], status: HTTPResponse.Status = .ok) -> Answer {
        Answer(status: status, headers: [.contentType: "application/json; charset=utf-8"], body: .bytes(bytes))
    }

    /// 201 with the new resource and where it is.
    static func created(_ value: some JSONEncodable, at location: String? = nil) -> Answer {
        var answer = json(value, status: .created)
        if let location { answer.headers[.location] = location }
        return answer
    }

    /// 204.
    static let noContent = Answer(status: .noContent)

    /// Text of another type: a page, a script, a style sheet.
    static func text(_ text: String, type: String) -> Answer {
        Answer(status: .ok, headers: [.contentType: type], body: .bytes(Array(text.utf8)))
    }
}

extension Answer {
    /// This answer with an entity tag made of the row's version, which `If-Match` goes by, and of the bytes: what is
    /// shown along with a row, such as a conversation's last message, changes without it.
    func tagged(_ version: Int) -> Answer {
        guard case .bytes(let bytes) = body else { return self }
        var answer = self
        answer.headers[.eTag] = "\"v\(version)-" + ETag.of(bytes).dropFirst()
        return answer
    }

    /// JSON whose entity tag is made of its bytes, so that a caller who has them can ask again for free.
    static func cacheable(_ value: some JSONEncodable) -> Answer {
        let bytes = value.encoded
        var answer = json(bytes: bytes)
        answer.headers[.eTag] = ETag.of(bytes)
        answer.headers[.cacheControl] = "private, no-cache"
        return answer
    }

    /// This answer with its bytes in a form that is sent many times without a copy.
    var shared: Answer {
        guard case .bytes(let bytes) = body else { return self }
        return Answer(status: status, headers: headers, body: .shared(ByteBuffer(bytes: bytes)))
    }
}

extension Answer {
    /// JSON that holds a secret and must be kept by nobody on its way.
    static func secret(_ value: some JSONEncodable, status: HTTPResponse.Status = .ok) -> Answer {
        var answer = json(value, status: status)
        answer.headers[.cacheControl] = "no-store"
        return answer
    }
}
