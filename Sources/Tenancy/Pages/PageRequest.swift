/// Which part of a list is wanted.
public struct PageRequest: Sendable, Hashable {
    /// How many items a page may have.
    public static let limits = 1...200
    /// How many items a page has when the caller does not say.
    public static let defaultLimit = 50

    /// How many items at most, within ``limits``.
    public let limit: Int
    /// The `nextCursor` of the page before; `nil` for the first page.
    public let cursor: String?

    /// A page of at most `limit` items; a limit outside ``limits`` is brought inside.
    public init(limit: Int = PageRequest.defaultLimit, cursor: String? = nil) {
        self.limit = min(max(limit, Self.limits.lowerBound), Self.limits.upperBound)
        self.cursor = cursor
    }
}
