/// Tokens that calls of a model used.
public struct ChatUsage: Sendable, Hashable {
    /// Tokens read, the cached ones among them.
    public var promptTokens: Int
    /// Tokens written, those of reasoning among them.
    public var completionTokens: Int
    /// Tokens read that the provider had kept from before.
    public var cachedTokens: Int
    /// Tokens written while reasoning.
    public var reasoningTokens: Int
    /// Whether the server did not say and the figures are guessed from the length of the texts.
    public var isEstimated: Bool

    /// Usage of so many tokens.
    public init(
        promptTokens: Int = 0, completionTokens: Int = 0, cachedTokens: Int = 0, reasoningTokens: Int = 0,
        isEstimated: Bool = false
    ) {
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
        self.cachedTokens = cachedTokens
        self.reasoningTokens = reasoningTokens
        self.isEstimated = isEstimated
    }

    /// Adds another call's usage; one estimate makes the sum an estimate.
    public static func += (left: inout ChatUsage, right: ChatUsage) {
        left.promptTokens = left.promptTokens.addingSaturated(right.promptTokens)
        left.completionTokens = left.completionTokens.addingSaturated(right.completionTokens)
        left.cachedTokens = left.cachedTokens.addingSaturated(right.cachedTokens)
        left.reasoningTokens = left.reasoningTokens.addingSaturated(right.reasoningTokens)
        left.isEstimated = left.isEstimated || right.isEstimated
    }
}

extension Int {
    fileprivate func addingSaturated(_ other: Int) -> Int {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
