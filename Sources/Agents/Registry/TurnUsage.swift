/// What the language model's part of a turn took, all its calls together.
public struct TurnUsage: Sendable, Hashable {
    /// Tokens read by the model.
    public var promptTokens: Int
    /// Tokens written by the model.
    public var completionTokens: Int
    /// How many of the prompt's tokens the provider had in its cache.
    public var cachedTokens: Int
    /// What it cost, in millionths of a US dollar.
    public var costMicros: Int64
    /// Whether the tokens are an estimate, because the provider did not tell.
    public var isEstimated: Bool
    /// How often a model answered, with calls of tools or with text.
    public var answers: Int

    /// A usage; nothing by default.
    public init(
        promptTokens: Int = 0, completionTokens: Int = 0, cachedTokens: Int = 0, costMicros: Int64 = 0,
        isEstimated: Bool = false, answers: Int = 0
    ) {
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
        self.cachedTokens = cachedTokens
        self.costMicros = costMicros
        self.isEstimated = isEstimated
        self.answers = answers
    }
}
