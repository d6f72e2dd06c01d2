public import Foundation

/// Within what a key of a client means the same thing.
public enum IdempotencyScope: Sendable, Hashable {
    /// One company.
    case company(UUID)
    /// Callers who are not known yet (registration), set apart by a text of the server's choice, such as the path.
    case anonymous(String)

    var text: String {
        switch self {
        case .company(let id): "company:\(id.lowercased)"
        case .anonymous(let place): "anonymous:\(place)"
        }
    }
}

/// An answer as it was given the first time.
public struct StoredAnswer: Sendable, Hashable {
    /// The HTTP status.
    public var status: Int
    /// The header fields worth giving again, in order.
    public var headers: [Header]
    /// The body.
    public var body: [UInt8]

    /// One header field.
    public struct Header: Sendable, Hashable {
        /// The field's name.
        public var name: String
        /// Its value.
        public var value: String

        /// A header field.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// An answer.
    public init(status: Int, headers: [Header], body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// The right to carry out a request once.
public struct IdempotencyClaim: Sendable, Hashable {
    let scope: String
    let key: String
    /// Tells this run from one that took over after the lease ended.
    let token: UUID
    /// The id for what the request makes. A run that takes over gets the same, so that a request that was carried out
    /// before a crash is found and not doubled.
    public let resourceId: UUID
    /// Whether an earlier run may have done some of the work.
    public let isTakenOver: Bool
}

/// What a key means at the moment.
public enum IdempotencyDecision: Sendable, Hashable {
    /// Carry the request out, then ``IdempotencyStore/complete(_:with:)`` or ``IdempotencyStore/abandon(_:)``.
    case started(IdempotencyClaim)
    /// It was carried out: give this answer again.
    case replay(StoredAnswer)
    /// The key was used for another request.
    case mismatch
    /// It is being carried out now; ask again in so many seconds.
    case running(retryAfter: Int)
}
