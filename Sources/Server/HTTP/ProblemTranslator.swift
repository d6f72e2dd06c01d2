import Cache
import Conversations
import JSON
import Mongo
import Postgres
import Redis
import Tenancy

/// The one place where errors of the floors below become problems. What is not known here is a fault of ours.
enum ProblemTranslator {
    static func problem(for error: any Error) -> Problem {
        switch error {
        case let problem as Problem: problem
        case let error as InvalidFields: .invalid(error.errors)
        case is NotFound: .notFound
        case let error as Forbidden: .forbidden("Not allowed: \(error.message).")
        case let error as Unauthenticated: .unauthenticated(error.message)
        case let error as StoreConflict: conflict(error)
        case is VersionMismatch: preconditionFailed
        case let error as QuotaExceeded:
            Problem(status: .forbidden, code: .quotaExceeded, detail: "The plan allows \(error.limit) \(error.figure).")
        case let error as Overloaded: .unavailable("Too much to do at the moment (\(error.what)); please try again.")
        case let error as ConversationError: problem(for: error)
        case let error as PostgresError where error.isUnavailable || error.code == .outcomeUnknown:
            .unavailable("The database does not answer; the request can be sent again.")
        case let error as PostgresError where error.code == .invalidText:
            .malformed("Text must not hold the character U+0000.")
        case let error as MongoError where error.isUnavailable:
            .unavailable("The conversation store does not answer; the request can be sent again.")
        case is RedisError: .unavailable("A part of the service does not answer; the request can be sent again.")
        case is CancellationError: .unavailable("The request was ended before it was done; it can be sent again.")
        default: .internalError
        }
    }

    private static func problem(for error: ConversationError) -> Problem {
        guard error.isUnavailable else { return .internalError }
        return .unavailable(
            "The conversation store does not answer, and whether the change was made is not known. Send the same "
                + "request again, with the same clientMessageId or Idempotency-Key: it will not be doubled.")
    }

    private static func conflict(_ error: StoreConflict) -> Problem {
        .conflict(error.message, error.field.map { [FieldError($0, error.code, error.message)] } ?? [])
    }

    private static let preconditionFailed = Problem(
        status: .preconditionFailed, code: .preconditionFailed,
        detail: "It was changed since you read it (If-Match). Read it again and repeat the change on that.")
}
