/// How long one call of a model may take and how much it may answer.
public struct ModelLimits: Sendable, Hashable {
    /// Until the head of the answer is there.
    public var head = Duration.seconds(15)
    /// Between two pieces of a body.
    public var gap = Duration.seconds(20)
    /// For everything.
    public var whole = Duration.seconds(60)
    /// Bytes of one answer, as they come.
    public var answerBytes = 4 << 20
    /// Bytes of one event of a stream.
    public var eventBytes = 1 << 20
    /// Bytes of text that an answer may say.
    public var textBytes = 256 << 10
    /// Bytes of one tool call's arguments.
    public var argumentBytes = 64 << 10
    /// Tool calls in one answer.
    public var toolCalls = 32

    /// The limits as they are built in.
    public init() {}
}
