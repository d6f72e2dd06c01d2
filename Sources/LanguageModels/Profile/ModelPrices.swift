/// What a model costs, in millionths of a US dollar for a million tokens: $2.50 is 2,500,000.
public struct ModelPrices: Sendable, Hashable {
    /// Tokens read.
    public var input: Int64
    /// Tokens written.
    public var output: Int64
    /// Tokens read that the provider had kept from before; nil when they cost as much as others.
    public var cached: Int64?

    /// Prices; without figures nothing costs anything.
    public init(input: Int64 = 0, output: Int64 = 0, cached: Int64? = nil) {
        self.input = max(0, input)
        self.output = max(0, output)
        self.cached = cached.map { max(0, $0) }
    }

    /// What this usage costs in millionths of a US dollar, rounded up; the largest number when it is beyond that.
    public func cost(of usage: ChatUsage) -> Int64 {
        let kept = min(usage.cachedTokens, usage.promptTokens)
        let parts = [
            (usage.promptTokens - kept, input), (kept, cached ?? input), (usage.completionTokens, output),
        ]
        var total = 0.0
        for (tokens, price) in parts { total += Double(tokens) * Double(price) }
        return Int64(exactly: (total / 1_000_000).rounded(.up)) ?? .max
    }
}
