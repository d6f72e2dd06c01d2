/// Which messages of a conversation are wanted. However they are asked for, they come in ascending `seq`.
public enum MessagePosition: Sendable, Hashable {
    /// The last ones.
    case latest
    /// Those that follow the message with this `seq`.
    case after(Int)
    /// Those right before the message with this `seq`.
    case before(Int)
}

/// Some messages of a conversation in ascending `seq`.
public struct MessagePage: Sendable, Hashable {
    /// The messages.
    public let messages: [Message]
    /// Where to go on in the same direction; nil when there was nothing more.
    public let next: MessagePosition?

    /// A page of these messages.
    public init(messages: [Message], next: MessagePosition?) {
        self.messages = messages
        self.next = next
    }
}
