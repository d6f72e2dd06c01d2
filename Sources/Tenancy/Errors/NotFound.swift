/// There is no such thing in this company: absent, deleted or another company's, without a difference. 404.
public struct NotFound: Error, Sendable, Hashable, CustomStringConvertible {
    /// The word for the thing, such as `product`.
    public let what: String

    /// No such `what`.
    public init(_ what: String) { self.what = what }

    /// A sentence for the caller.
    public var description: String { "there is no such \(what)" }
}
