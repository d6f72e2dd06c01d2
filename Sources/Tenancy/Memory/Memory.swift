public import Foundation
public import JSON

/// One thing `@mem` was asked to remember.
public struct Memory: Sendable, Hashable {
    /// The memory's id.
    public let id: UUID
    /// What to remember, 1 to 2,000 characters.
    public let text: String
    /// When it was saved.
    public let createdAt: Date

    /// How many characters a memory may have.
    public static let lengths = 1...2000
}

extension Memory: JSONEncodable {
    /// Writes `{id, text, createdAt}`.
    public func encode(into writer: inout JSONWriter) {
        writer.object {
            $0.field("id", id)
            $0.field("text", text)
            $0.field("createdAt", createdAt)
        }
    }
}
