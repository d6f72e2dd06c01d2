/// The caller is known and may not do this. 403.
public struct Forbidden: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is not allowed, for the caller.
    public let message: String
    /// The permission that is lacking, when it is one.
    public let permission: Permission?

    /// Lacks `permission`.
    public init(_ permission: Permission) {
        self.permission = permission
        message = "this needs the permission \(permission.rawValue)"
    }

    /// Not allowed for another reason.
    public init(_ message: String) {
        self.message = message
        permission = nil
    }

    /// The message.
    public var description: String { message }
}
