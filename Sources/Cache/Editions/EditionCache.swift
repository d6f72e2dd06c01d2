public import Foundation
import Synchronization

/// Keeps answers made of a conversation's messages in this process for as long as they are true.
///
/// A conversation has an *edition* in Redis: a random word that the limiter's call brings along with a request, making
/// one when there is none. Whoever changes the messages removes it after the commit in the database and before it tells
/// anybody (``Editions/end(_:)``). So what is kept under an edition was read after that edition was made and before
/// any later change was told of: a reader that loaded old messages at the moment of a change has them under an edition
/// that nobody is ever given again.
///
/// While Redis is away there are no editions and nothing is kept. A writer that alone cannot reach Redis cannot end an
/// edition: others then may show what was true up to ``lifetime`` ago.
public final class EditionCache<Part: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Key: Hashable {
        let companyId: UUID
        let conversationId: UUID
        let part: Part
    }

    private struct Copy {
        let value: Value
        let edition: String
        let expiry: ContinuousClock.Instant
    }

    /// How long a value is used at most.
    private static var lifetime: Duration { .seconds(2) }

    private let copies: Mutex<BoundedTable<Key, Copy>>

    /// - Parameter maxBytes: about how much memory the values may take.
    public init(maxBytes: Int = 16 << 20) { copies = Mutex(BoundedTable(limit: maxBytes)) }

    /// What is kept under `edition`.
    /// - Parameter part: which part of the conversation it shows.
    public func value(_ conversationId: UUID, companyId: UUID, part: Part, edition: String) -> Value? {
        let key = Key(companyId: companyId, conversationId: conversationId, part: part)
        guard let copy = copies.withLock({ $0.value(key) }), copy.edition == edition, .now < copy.expiry else {
            return nil
        }
        return copy.value
    }

    /// Keeps a value that was read after `edition` was given out.
    /// - Parameter bytes: about how much memory it takes.
    public func keep(
        _ value: Value, _ conversationId: UUID, companyId: UUID, part: Part, edition: String, bytes: Int
    ) {
        let key = Key(companyId: companyId, conversationId: conversationId, part: part)
        let copy = Copy(value: value, edition: edition, expiry: .now + Self.lifetime)
        copies.withLock { $0.set(copy, for: key, weight: bytes + 256) }
    }
}
