/// A bounded queue is full; try again later. 503.
public struct Overloaded: Error, Sendable, Hashable, CustomStringConvertible {
    /// Which limit was hit.
    public let what: String

    /// The limit called `what` was hit.
    public init(_ what: String) { self.what = what }

    /// A sentence for the caller.
    public var description: String { "too much to do at the moment (\(what))" }
}
