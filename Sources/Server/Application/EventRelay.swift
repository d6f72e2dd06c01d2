import Conversations
import Synchronization

/// Hands what happens in conversations to somebody who is made after the store that tells it.
final class EventRelay: Sendable {
    private let listener = Mutex<(@Sendable (ConversationEvent) -> Void)?>(nil)

    /// Tells what happened; quick, and never waits.
    func tell(_ event: ConversationEvent) { listener.withLock { $0 }?(event) }

    /// Names the one who hears it.
    func listen(_ body: @escaping @Sendable (ConversationEvent) -> Void) { listener.withLock { $0 = body } }
}
