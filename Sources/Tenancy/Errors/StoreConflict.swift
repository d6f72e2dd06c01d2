/// The request collides with what is stored. 409.
public struct StoreConflict: Error, Sendable, Hashable, CustomStringConvertible {
    /// The field of the body it is about, when there is one.
    public let field: String?
    /// A stable word: `taken`, `last_owner`, `exists`.
    public let code: String
    /// What collides, for the caller.
    public let message: String

    /// A collision in `field`.
    public init(field: String?, code: String, message: String) {
        self.field = field
        self.code = code
        self.message = message
    }

    /// The message.
    public var description: String { message }
}
