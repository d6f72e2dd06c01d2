/// One thing wrong with one field.
public struct FieldError: Sendable, Hashable {
    /// The field's path in the body, such as `metadata` or `customerId`.
    public let field: String
    /// A stable word: `required`, `too_short`, `too_long`, `out_of_range`, `invalid`, `not_found`.
    public let code: String
    /// What is allowed, for the caller.
    public let message: String

    /// A fault of `field`.
    public init(_ field: String, _ code: String, _ message: String) {
        self.field = field
        self.code = code
        self.message = message
    }
}

/// The body is well formed and its values are not acceptable. 422, with every fault at once.
public struct InvalidFields: Error, Sendable, Hashable, CustomStringConvertible {
    /// The faults, at least one.
    public let errors: [FieldError]

    /// These faults.
    public init(_ errors: [FieldError]) { self.errors = errors }

    /// One fault.
    public init(_ field: String, _ code: String, _ message: String) {
        errors = [FieldError(field, code, message)]
    }

    /// All faults in one line.
    public var description: String { errors.map { "\($0.field): \($0.message)" }.joined(separator: "; ") }
}
