/// What went wrong with Postgres. It carries no bound value, no row content and no password: of what the server says
/// the primary message is kept, never the detail, and messages about a value are cut before the value.
public struct PostgresError: Error, Sendable, Equatable {
    /// What kind of failure it is.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// No connection, or it was lost, and nothing was committed (or the statement only read).
        case connection
        /// No connection became free in time, or too many callers were waiting already.
        case poolTimeout
        /// The statement's deadline passed; it was cancelled and rolled back.
        case timeout
        /// The task was cancelled; the statement was cancelled and rolled back.
        case cancelled
        /// SQLSTATE 23505.
        case uniqueViolation
        /// SQLSTATE 23503.
        case foreignKeyViolation
        /// SQLSTATE 23514.
        case checkViolation
        /// SQLSTATE 23502.
        case notNullViolation
        /// Text that Postgres cannot store: U+0000, or bytes that are not UTF-8.
        case invalidText
        /// SQLSTATE 40001 and 40P01: run the transaction again.
        case serialization
        /// Any other error from the server; see `sqlState`.
        case server
        /// A cell cannot be read as the type asked for, or there is no such column.
        case decoding
        /// The connection was lost while a commit was under way: it may have happened or not.
        case outcomeUnknown
        /// The driver was used wrongly, for example a transaction after its end.
        case usage
    }

    /// What kind of failure it is.
    public var code: Code
    /// The five characters of the SQL standard, when the server answered.
    public var sqlState: String?
    /// The name of the constraint that was violated.
    public var constraint: String?
    /// What happened, for a reader of logs.
    public var message: String

    /// Makes an error; `message` must not contain values or secrets.
    public init(_ code: Code, sqlState: String? = nil, constraint: String? = nil, message: String) {
        self.code = code
        self.sqlState = sqlState
        self.constraint = constraint
        self.message = message
    }

    /// Whether Postgres is not there, or cannot serve now, so that trying again later makes sense (503): no connection,
    /// no answer in time, and SQLSTATE 57P0x, 53300 and 08xxx.
    public var isUnavailable: Bool {
        switch code {
        case .connection, .poolTimeout, .timeout: true
        case .outcomeUnknown: false
        default: sqlState.map { $0.hasPrefix("57P0") || $0.hasPrefix("08") || $0 == "53300" } ?? false
        }
    }
}

extension PostgresError: CustomStringConvertible {
    /// Code, SQLSTATE, constraint and message in one line.
    public var description: String {
        var text = "postgres \(code.rawValue)"
        if let sqlState { text += " [\(sqlState)]" }
        if let constraint { text += " (\(constraint))" }
        return text + ": " + message
    }
}
