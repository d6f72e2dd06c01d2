/// What a model is asked.
public struct ChatRequest: Sendable, Hashable {
    /// Whether the model may call tools.
    public enum ToolChoice: String, Sendable, Hashable { case none, auto }

    /// What it is given to read, in order.
    public var messages: [ChatMessage]
    /// The tools it may call.
    public var tools: [ChatTool]
    /// Whether it may call them.
    public var toolChoice: ToolChoice
    /// From 0, always the same, to 1.
    public var temperature: Double?
    /// Tokens that it may answer.
    public var maximumTokens: Int
    /// A stable word for the provider's cache and abuse checks that tells nobody who asks, such as a hash.
    public var cacheKey: String?

    /// A request.
    public init(
        messages: [ChatMessage], tools: [ChatTool] = [], toolChoice: ToolChoice = .auto, temperature: Double? = nil,
        maximumTokens: Int = 600, cacheKey: String? = nil
    ) {
        self.messages = messages
        self.tools = tools
        self.toolChoice = toolChoice
        self.temperature = temperature
        self.maximumTokens = maximumTokens
        self.cacheKey = cacheKey
    }

    /// The guess of how many tokens there are to read.
    public var estimatedTokens: Int {
        var total = 0
        for message in messages {
            total += TokenEstimate.tokens(in: message.text) + 4
            if case .assistant(_, let calls) = message {
                for call in calls { total += TokenEstimate.tokens(in: call.name + call.arguments) }
            }
        }
        for tool in tools {
            total += TokenEstimate.tokens(in: tool.name + tool.description + tool.parameters.encodedString)
        }
        return total
    }
}
