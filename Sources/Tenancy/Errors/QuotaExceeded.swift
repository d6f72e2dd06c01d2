/// The company's plan does not allow more of this. 403, code `quota_exceeded`.
public struct QuotaExceeded: Error, Sendable, Hashable, CustomStringConvertible {
    /// The figure of the plan, such as `products`.
    public let figure: String
    /// How many are allowed.
    public let limit: Int

    /// The figure called `figure` allows `limit`.
    public init(figure: String, limit: Int) {
        self.figure = figure
        self.limit = limit
    }

    /// A sentence for the caller.
    public var description: String { "the plan allows \(limit) \(figure)" }
}
