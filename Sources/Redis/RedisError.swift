/// What went wrong with a command or a connection. Never carries keys, values or passwords of ours.
public enum RedisError: Error, Sendable, Hashable {
    /// Not connected: nothing was sent. Thrown at once; the client reconnects in the background.
    case unavailable
    /// A limit of the client would be passed: nothing was sent. `limit` says which one and how much it is.
    case overloaded(limit: String)
    /// No reply within the deadline. The connection was closed; whether the command took effect is unknown.
    case timeout
    /// The connection ended before the reply came. Whether the command took effect is unknown.
    case connectionLost
    /// Redis answered with an error, `code` being its first word (`WRONGTYPE`, `NOSCRIPT`, `ERR` …).
    case server(code: String, message: String)
    /// What came over the wire was not RESP, or a reply was larger than allowed. The connection was closed.
    case protocolViolation(String)
    /// A reply of another kind than the command promises.
    case unexpectedReply(expected: String)
    /// The URL or a setting is wrong; the text says which part and what is allowed.
    case configuration(String)
    /// The client was shut down.
    case shutDown

    /// Whether Redis is away or unable to serve just now, so that the caller should do without it.
    public var isUnavailable: Bool {
        switch self {
        case .unavailable, .overloaded, .timeout, .connectionLost, .protocolViolation, .shutDown: true
        case .server(let code, _): Self.unableCodes.contains(code)
        case .unexpectedReply, .configuration: false
        }
    }

    private static let unableCodes: Set<String> = [
        "BUSY", "CLUSTERDOWN", "LOADING", "MASTERDOWN", "MISCONF", "NOAUTH", "NOREPLICAS", "OOM", "READONLY",
        "TRYAGAIN",
    ]
}

extension RedisError: CustomStringConvertible {
    /// One sentence for people.
    public var description: String {
        switch self {
        case .unavailable: "Redis is not connected"
        case .overloaded(let limit): "too much is waiting for Redis: \(limit)"
        case .timeout: "Redis did not answer in time"
        case .connectionLost: "the connection to Redis ended before the reply"
        case .server(let code, let message): "Redis answered \(code) \(message)"
        case .protocolViolation(let what): "Redis broke the protocol: \(what)"
        case .unexpectedReply(let expected): "Redis answered something else than \(expected)"
        case .configuration(let what): "Redis settings: \(what)"
        case .shutDown: "the Redis client is shut down"
        }
    }
}
