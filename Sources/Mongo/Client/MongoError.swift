/// What went wrong with an operation, in words for a log. Contains neither passwords nor values of documents.
public struct MongoError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of failure a caller may want to tell apart.
    public enum Code: Sendable, Hashable {
        /// The server could not be reached, or is not a primary now. Nothing was written.
        case connection
        /// The server refused the user or password.
        case authentication
        /// The deadline passed. Nothing was written.
        case timeout
        /// The calling task was cancelled. Nothing was written.
        case cancelled
        /// The client's own queue is full. Nothing was sent.
        case queueFull
        /// The client has been shut down. Nothing was sent.
        case shutdown
        /// A write was sent and its outcome is not known: it may have happened. Repeat it with the same id.
        case outcomeUnknown
        /// A unique index, whose name is given when the server told it, already has this key.
        case duplicateKey(index: String?)
        /// A document breaks its collection's validator.
        case validation
        /// Any other answer of the server, with its code.
        case server(code: Int32)
        /// The call itself is wrong, and libmongoc or this client refused to send it.
        case invalid
        /// The result has more documents or bytes than the client accepts.
        case resultTooLarge
        /// An answer that does not have the expected shape.
        case decoding
        /// A setting is wrong.
        case configuration
        /// The transaction of this session is over.
        case sessionEnded
    }

    /// The kind of failure.
    public let code: Code
    /// One or two sentences that say what happened.
    public let message: String
    /// The server's labels, such as `TransientTransactionError`.
    public let labels: Set<String>

    /// An error of this client.
    public init(_ code: Code, _ message: String, labels: Set<String> = []) {
        self.code = code
        self.message = message
        self.labels = labels
    }

    /// Whether the reason is the state of the store or of its connection, so that the same call may succeed later:
    /// a caller answers 503 with `Retry-After`.
    public var isUnavailable: Bool {
        switch code {
        case .connection, .authentication, .timeout, .queueFull, .shutdown, .outcomeUnknown: true
        default: false
        }
    }

    /// The unique index that was violated, when this is a duplicate key and its name is known.
    public var duplicateIndex: String? { if case .duplicateKey(let index) = code { index } else { nil } }

    /// Whether a unique index was violated.
    public var isDuplicateKey: Bool { if case .duplicateKey = code { true } else { false } }

    /// An index of that name, or with those keys, exists with other options.
    public var isIndexConflict: Bool {
        if case .server(let code) = code { ServerCode.indexConflicts.contains(code) } else { false }
    }

    /// The kind and the message.
    public var description: String { "MongoDB \(code): \(message)" }

    var isTransient: Bool { labels.contains("TransientTransactionError") }
    var isUnknownCommit: Bool { labels.contains("UnknownTransactionCommitResult") }
}
