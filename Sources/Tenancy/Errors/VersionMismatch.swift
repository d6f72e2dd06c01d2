/// The row changed since the caller read it (`If-Match`). 412.
public struct VersionMismatch: Error, Sendable, Hashable, CustomStringConvertible {
    /// The version that is stored now.
    public let current: Int

    /// The row is at `current`.
    public init(current: Int) { self.current = current }

    /// A sentence for the caller.
    public var description: String { "it was changed in the meantime; read it again" }
}
