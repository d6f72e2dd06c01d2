import HTTPTypes
import JSON
import Tenancy

/// An error as clients see it: `application/problem+json` of RFC 9457.
struct Problem: Error, Sendable {
    /// The stable words of API.md.
    enum Code: String, Sendable, CaseIterable {
        case invalidRequest = "invalid_request"
        case unauthenticated
        case forbidden
        case notFound = "not_found"
        case methodNotAllowed = "method_not_allowed"
        case conflict
        case preconditionFailed = "precondition_failed"
        case idempotencyMismatch = "idempotency_mismatch"
        case payloadTooLarge = "payload_too_large"
        case unsupportedMediaType = "unsupported_media_type"
        case rateLimited = "rate_limited"
        case quotaExceeded = "quota_exceeded"
        case unavailable
        case internalError = "internal"

        var title: String {
            switch self {
            case .invalidRequest: "The request is not valid"
            case .unauthenticated: "Sign-in is needed"
            case .forbidden: "Not allowed"
            case .notFound: "Not found"
            case .methodNotAllowed: "The method is not allowed here"
            case .conflict: "Conflict"
            case .preconditionFailed: "It has changed meanwhile"
            case .idempotencyMismatch: "The idempotency key was used for another request"
            case .payloadTooLarge: "Too large"
            case .unsupportedMediaType: "This content type is not understood"
            case .rateLimited: "Too many requests"
            case .quotaExceeded: "The plan's limit is reached"
            case .unavailable: "Not available at the moment"
            case .internalError: "Something went wrong here"
            }
        }
    }

    let status: HTTPResponse.Status
    let code: Code
    /// What happened and what would help, in a sentence or two.
    let detail: String
    var errors: [FieldError] = []
    var headers = AnswerHeaders()
    /// How long the answer is held back.
    var delay = Duration.zero

    /// The answer's body.
    func body(requestId: String) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.field("type", "/docs#\(code.rawValue)")
            writer.field("title", code.title)
            writer.field("status", status.code)
            writer.field("detail", detail)
            writer.field("code", code.rawValue)
            writer.field("requestId", requestId)
            if !errors.isEmpty { writer.field("errors", errors) }
        }
        return writer.bytes
    }
}

extension Problem {
    static let notFound = Problem(
        status: .notFound, code: .notFound,
        detail: "There is nothing here under this address, or it is not yours to see.")
    static let internalError = Problem(
        status: .internalServerError, code: .internalError,
        detail: "The fault is ours and was logged. Quote the request id when you ask about it.")

    /// Everything that is wrong with the request's fields.
    static func invalid(_ errors: [FieldError]) -> Problem {
        let names = errors.map { "\($0.field) \($0.message)" }
        return Problem(
            status: .badRequest, code: .invalidRequest, detail: names.prefix(5).joined(separator: "; ") + ".",
            errors: errors)
    }

    /// One field is wrong.
    static func invalid(_ field: String, _ code: String, _ message: String) -> Problem {
        invalid([FieldError(field, code, message)])
    }

    /// The body or the request line cannot be understood.
    static func malformed(_ detail: String) -> Problem {
        Problem(status: .badRequest, code: .invalidRequest, detail: detail)
    }

    static func unauthenticated(_ detail: String) -> Problem {
        var problem = Problem(status: .unauthorized, code: .unauthenticated, detail: detail)
        problem.headers[.wwwAuthenticate] = "Bearer"
        return problem
    }

    static func forbidden(_ detail: String) -> Problem {
        Problem(status: .forbidden, code: .forbidden, detail: detail)
    }

    static func conflict(_ detail: String, _ errors: [FieldError] = []) -> Problem {
        Problem(status: .conflict, code: .conflict, detail: detail, errors: errors)
    }

    static func tooLarge(_ detail: String, _ errors: [FieldError] = []) -> Problem {
        Problem(status: .contentTooLarge, code: .payloadTooLarge, detail: detail, errors: errors)
    }

    /// A store or a bounded queue cannot serve now; the same request may be sent again.
    static func unavailable(_ detail: String, retryAfter seconds: Int = 2) -> Problem {
        var problem = Problem(status: .serviceUnavailable, code: .unavailable, detail: detail)
        problem.headers[.retryAfter] = String(seconds)
        return problem
    }
}
