/// Why a model did not answer, in words that hold neither keys nor anything the provider or a person wrote.
public struct ModelError: Error, Sendable, Hashable {
    /// What kind of failure it is.
    public enum Code: String, Sendable, Hashable {
        /// No connection, or it broke before the answer began.
        case connection
        /// The head of the answer did not come in time.
        case headTimeout = "head_timeout"
        /// The stream fell silent.
        case gapTimeout = "gap_timeout"
        /// The whole took too long.
        case wholeTimeout = "whole_timeout"
        /// The answer ended in the middle.
        case cutShort = "cut_short"
        /// Too many requests.
        case rateLimited = "rate_limited"
        /// The account has no money or credit left.
        case quota
        /// The key is wrong.
        case unauthorized
        /// The key may not do this.
        case forbidden
        /// There is no such model or address.
        case notFound = "not_found"
        /// The server does not take the request.
        case badRequest = "bad_request"
        /// The request itself is at fault, not the profile: too long, or refused for its content.
        case unsuitable
        /// The server has a fault or is overloaded.
        case server
        /// The answer is larger than allowed.
        case tooLarge = "too_large"
        /// The answer is not what it should be.
        case malformed
        /// The server answered with an address to go to instead.
        case redirect
        /// The provider's filter kept the answer back.
        case filtered
        /// The model cannot call tools.
        case noTools = "no_tools"
        /// It failed lately and is left alone for a while.
        case breakerOpen = "breaker_open"
    }

    /// What kind of failure it is.
    public let code: Code
    /// The HTTP status, when there was one.
    public let status: Int?
    /// More about it: which limit was hit, or the provider's own word for it.
    public let detail: String?
    /// How long the server asked to wait.
    public let retryAfter: Duration?

    /// A failure.
    public init(_ code: Code, status: Int? = nil, detail: String? = nil, retryAfter: Duration? = nil) {
        self.code = code
        self.status = status
        self.detail = detail
        self.retryAfter = retryAfter
    }

    /// Whether the same request may work in a moment.
    public var isPassing: Bool {
        switch code {
        case .connection, .headTimeout, .gapTimeout, .wholeTimeout, .cutShort, .rateLimited, .server: true
        case .quota, .unauthorized, .forbidden, .notFound, .badRequest, .unsuitable, .tooLarge, .malformed, .redirect,
            .filtered, .noTools, .breakerOpen:
            false
        }
    }

    /// Whether the profile is unusable until somebody changes something.
    public var opensBreaker: Bool {
        switch code {
        case .quota, .unauthorized, .forbidden, .notFound, .badRequest, .redirect: true
        default: false
        }
    }
}

extension ModelError: CustomStringConvertible {
    /// The kind, the status and the detail in one line.
    public var description: String {
        ([code.rawValue] + (status.map { ["status \($0)"] } ?? []) + (detail.map { [$0] } ?? []))
            .joined(separator: ", ")
    }
}
