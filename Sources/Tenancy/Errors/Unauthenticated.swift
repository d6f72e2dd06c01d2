/// It is not known who calls. 401. The message never tells which part of a credential was wrong when that would help
/// somebody who guesses.
public struct Unauthenticated: Error, Sendable, Hashable, CustomStringConvertible {
    /// What to do about it, for the caller.
    public let message: String

    /// With this message.
    public init(_ message: String) { self.message = message }

    /// The message.
    public var description: String { message }
}
