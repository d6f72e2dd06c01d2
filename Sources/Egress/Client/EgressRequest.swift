/// A request to a server of somebody else's.
public struct EgressRequest: Sendable {
    /// The address; the rules are applied to it with every request.
    public var url: String
    /// `GET`, `POST`.
    public var method: String
    /// Header fields in order.
    public var headers: [(name: String, value: String)]
    /// The body; `nil` for none.
    public var body: [UInt8]?
    /// How long it may take until the answer is read to its end.
    public var limit: TimeLimit
    /// Bytes of the answer's body; more are an error, not cut.
    public var maximumBytes: Int
    /// The media types which a successful answer with a body may have; empty for any.
    public var mediaTypes: [String]

    /// A megabyte: what JSON may have.
    public static let jsonBytes = 1 << 20
    /// 25 megabytes: what media may have.
    public static let mediaBytes = 25 << 20

    /// A request.
    public init(
        _ method: String, _ url: String, headers: [(name: String, value: String)] = [], body: [UInt8]? = nil,
        limit: TimeLimit, maximumBytes: Int = EgressRequest.jsonBytes, mediaTypes: [String] = []
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.limit = limit
        self.maximumBytes = maximumBytes
        self.mediaTypes = mediaTypes
    }
}
