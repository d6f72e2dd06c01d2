/// Sees to it that a reader gets the messages of a conversation as 1, 2, 3 …, each once, whatever order the live
/// events come in. Does nothing itself.
struct MessageOrder: Sendable, Hashable {
    /// What to do with a message.
    enum Step: Sendable, Hashable {
        /// It is the next one: send it.
        case send
        /// It was sent before: drop it.
        case drop
        /// Others before it are missing: ask the store, which has them all.
        case fill
    }

    /// The last `seq` that was sent.
    private(set) var position: Int
    /// The greatest `seq` that is known to exist.
    private(set) var known: Int

    init(after position: Int) {
        self.position = position
        known = position
    }

    /// Whether a message is known to exist that was not sent.
    var isBehind: Bool { known > position }

    /// A message was heard of or read; ``Step/send`` counts as sent.
    mutating func receive(_ seq: Int) -> Step {
        guard seq > position else { return .drop }
        known = max(known, seq)
        guard seq == position + 1 else { return .fill }
        position = seq
        return .send
    }

    /// Whether a change of the message is news to the reader: not when the message itself is still to be sent, because
    /// then it comes as it is now.
    mutating func receiveChange(of seq: Int) -> Step {
        if seq <= position { return .send }
        known = max(known, seq)
        return .fill
    }
}
