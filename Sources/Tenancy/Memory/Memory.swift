public import Foundation
public import JSON

/// One thing `@mem` was asked to remember.
public struct Memory: Sendable, Hashable {
    /// Where a memory comes from.
    public enum Source: String, Sendable, Hashable, CaseIterable {
        /// Somebody said it.
        case userSaid = "user_said"
        /// An agent concluded it.
        case agentInferred = "agent_inferred"
        /// A program brought it.
        case imported
        /// It stands in something that came from outside: people find it, and it never enters a prompt.
        case untrusted
    }

    /// The memory's id.
    public let id: UUID
    /// What to remember, 1 to 2,000 characters.
    public let text: String
    /// Where it comes from.
    public let source: Source
    /// Whether it stands before others.
    public let pinned: Bool
    /// When it is forgotten by itself; `nil` for never.
    public let expiresAt: Date?
    /// Whether it is the company's, for all its members.
    public let isShared: Bool
    /// The newest message that it comes from; `nil` when it does not come from one, or when that was deleted.
    public let origin: MemoryOrigin?
    /// When it was saved.
    public let createdAt: Date
    /// When it last changed.
    public let updatedAt: Date
    /// Counts changes; the `ETag`.
    public let version: Int

    /// How many characters a memory may have.
    public static let lengths = 1...2000
}

/// What is said about a memory.
public struct MemoryDraft: Sendable, Hashable {
    /// What to remember, 1 to 2,000 characters.
    public var text: String
    /// Where it comes from.
    public var source: Memory.Source
    /// Whether it stands before others.
    public var pinned: Bool
    /// When it is forgotten by itself.
    public var expiresAt: Date?
    /// The message that it comes from.
    public var origin: MemoryOrigin?

    /// A memory of this text.
    public init(
        _ text: String, source: Memory.Source = .userSaid, pinned: Bool = false, expiresAt: Date? = nil,
        origin: MemoryOrigin? = nil
    ) {
        self.origin = origin
        self.text = text
        self.source = source
        self.pinned = pinned
        self.expiresAt = expiresAt
    }

    var checks: FieldChecks {
        var checks = FieldChecks()
        checks.text("text", text, Memory.lengths)
        if let expiresAt, expiresAt <= Date() { checks.add("expiresAt", "out_of_range", "must be in the future") }
        return checks
    }
}

/// What a PATCH changes of a memory.
public struct MemoryPatch: Sendable, Hashable {
    /// What to remember.
    public var text: FieldChange<String>
    /// Whether it stands before others.
    public var pinned: FieldChange<Bool>
    /// When it is forgotten by itself.
    public var expiresAt: FieldChange<Date?>

    /// A patch of the fields that are given.
    public init(
        text: FieldChange<String> = .keep, pinned: FieldChange<Bool> = .keep, expiresAt: FieldChange<Date?> = .keep
    ) {
        self.text = text
        self.pinned = pinned
        self.expiresAt = expiresAt
    }
}

extension Memory: JSONEncodable {
    /// Writes `{id, text, source, sourceMessageId, sourceConversationId, pinned, shared, expiresAt, createdAt,
    /// updatedAt}`.
    public func encode(into writer: inout JSONWriter) {
        writer.object {
            $0.field("id", id)
            $0.field("text", text)
            $0.field("source", source.rawValue)
            $0.field("sourceMessageId", origin?.messageId)
            $0.field("sourceConversationId", origin?.conversationId)
            $0.field("pinned", pinned)
            $0.field("shared", isShared)
            $0.field("expiresAt", expiresAt)
            $0.field("createdAt", createdAt)
            $0.field("updatedAt", updatedAt)
        }
    }
}
