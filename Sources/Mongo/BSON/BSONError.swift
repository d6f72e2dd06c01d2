/// Why bytes are not a BSON document.
public struct BSONError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The rule that is broken.
    public enum Reason: String, Sendable, Hashable {
        /// The length in front does not fit the bytes that are there, or the terminator is missing.
        case length
        /// An element reaches beyond its document, or has a size that is not allowed.
        case bounds
        /// A type byte that BSON does not know.
        case type
        /// A text or key that is not UTF-8.
        case text
        /// A boolean that is neither 0 nor 1.
        case bool
        /// Nested deeper than allowed.
        case depth
    }

    /// The rule that is broken.
    public let reason: Reason
    /// Where, in bytes from the start of the outermost document.
    public let offset: Int

    /// One sentence for a log; never contains the data.
    public var description: String { "BSON is malformed (\(reason.rawValue)) at byte \(offset)" }
}
