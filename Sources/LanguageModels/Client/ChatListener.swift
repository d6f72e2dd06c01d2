/// Hears a streamed answer while it is written.
public struct ChatListener: Sendable {
    /// More text. Slow listeners slow the stream down.
    public var onText: @Sendable (String) async -> Void
    /// The answer broke off and what was heard of it is void; perhaps it begins anew. Says whether anybody saw some of
    /// it, in which case it begins anew once only.
    public var onBreak: @Sendable () async -> Bool

    /// A listener.
    public init(
        onText: @escaping @Sendable (String) async -> Void, onBreak: @escaping @Sendable () async -> Bool
    ) {
        self.onText = onText
        self.onBreak = onBreak
    }
}
