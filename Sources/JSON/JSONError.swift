/// Why bytes are not acceptable JSON, in words for the person who sent them.
public struct JSONError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of fault it is.
    public enum Code: Sendable, Equatable {
        /// Not JSON as RFC 8259 defines it.
        case syntax
        /// The text is not valid UTF-8.
        case encoding
        /// A string holds U+0000, which the stores cannot keep.
        case nulCharacter
        /// Nested deeper than allowed.
        case tooDeep
        /// An object names a member twice (RFC 7493 forbids it, and parsers disagree on which one counts).
        case duplicateKey
        /// A number too large to be represented.
        case numberRange
    }

    /// What kind of fault it is.
    public let code: Code
    /// What was wrong, in a sentence without a full stop.
    public let reason: String
    /// The byte at which it was noticed, counted from 0.
    public let offset: Int

    /// The reason and the place.
    public var description: String { "\(reason) (at byte \(offset))" }
}
