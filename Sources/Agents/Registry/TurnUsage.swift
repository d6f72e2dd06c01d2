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

    /// A usage; nothing by default.
    public init(
        promptTokens: Int = 0, completionTokens: Int = 0, cachedTokens: Int = 0, costMicros: Int64 = 0,
        isEstimated: Bool = false
    ) {
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
        self.cachedTokens = cachedTokens
        self.costMicros = costMicros
        self.isEstimated = isEstimated
    }
}
