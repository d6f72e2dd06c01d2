import LanguageModels
import Synchronization

/// Adds up what the models of one turn used and cost, also when their texts are thrown away: they were paid for.
final class UsageMeter: Sendable {
    private let state = Mutex<(usage: TurnUsage, model: String?)>((TurnUsage(), nil))

    func add(_ usage: ChatUsage, prices: ModelPrices, model: String) {
        state.withLock { state in
            state.usage.promptTokens += min(usage.promptTokens, 1 << 30)
            state.usage.completionTokens += min(usage.completionTokens, 1 << 30)
            state.usage.cachedTokens += min(usage.cachedTokens, 1 << 30)
            state.usage.costMicros += min(prices.cost(of: usage), 1 << 40)
            state.usage.isEstimated = state.usage.isEstimated || usage.isEstimated
            state.usage.answers += 1
            state.model = model
        }
    }

    /// What was used, and by which model last; nil when no model answered.
    var total: (usage: TurnUsage, model: String)? {
        state.withLock { state in state.model.map { (state.usage, $0) } }
    }
}
