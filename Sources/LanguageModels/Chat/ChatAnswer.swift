/// What a model answered.
public struct ChatAnswer: Sendable, Hashable {
    /// Why it ended.
    public enum Finish: String, Sendable, Hashable {
        /// It was done, or called tools.
        case stop
        /// It reached its limit of tokens.
        case length
        /// The provider's filter cut it.
        case filtered
    }

    /// The text; may be empty when tools were called.
    public var text: String
    /// The tools to call. There are some exactly when the model wants to go on afterwards, whatever ``finish`` says.
    public var calls: [ChatToolCall]
    /// Why it ended.
    public var finish: Finish
    /// The model that the server says has answered.
    public var model: String?
    /// The tokens it used, of all its tries.
    public var usage: ChatUsage
    /// Tries beyond the first one.
    public var retries = 0

    /// An answer.
    public init(
        text: String, calls: [ChatToolCall] = [], finish: Finish = .stop, model: String? = nil,
        usage: ChatUsage = ChatUsage()
    ) {
        self.text = text
        self.calls = calls
        self.finish = finish
        self.model = model
        self.usage = usage
    }
}
