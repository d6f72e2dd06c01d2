import LanguageModels

/// The operator's own language model, for every company that has none of its own.
public struct ModelSettings: Sendable {
    /// Where it is and how it is spoken to; nil when agents answer by rules alone.
    public var profile: ModelProfile?

    init(_ settings: inout SettingsReader) {
        let address = settings.optionalText("openai.base.url")
        let key = settings.optionalText("openai.api.key", isSecret: true)
        let fallback = settings.optionalText("openai.fallback.model")
        var limits = ModelLimits()
        limits.head = .seconds(settings.integer("openai.head.seconds", default: 15, in: 1...300))
        limits.gap = .seconds(settings.integer("openai.gap.seconds", default: 20, in: 1...300))
        limits.whole = .seconds(settings.integer("openai.call.seconds", default: 60, in: 1...600))
        let prices = ModelPrices(
            input: Int64(settings.integer("openai.price.input", default: 0, in: 0...1_000_000_000)),
            output: Int64(settings.integer("openai.price.output", default: 0, in: 0...1_000_000_000)),
            cached: settings.optionalText("openai.price.cached") == nil
                ? nil : Int64(settings.integer("openai.price.cached", default: 0, in: 0...1_000_000_000)))
        guard let model = settings.optionalText("openai.model") else {
            // A key alone may be there for other programs; an address is there for this one.
            if address != nil { settings.faults.append("OPENAI_MODEL is missing; expected the name of a model") }
            return
        }
        if let key, ModelKey(key) == nil { settings.faults.append("OPENAI_API_KEY must be visible ASCII characters") }
        guard address != nil || key != nil else {
            settings.faults.append("OPENAI_MODEL needs OPENAI_BASE_URL, or OPENAI_API_KEY for the official service")
            return
        }
        profile = ModelProfile(
            id: "environment", baseURL: address ?? "https://api.openai.com/v1", key: key.flatMap { ModelKey($0) },
            model: model, fallbackModel: fallback, prices: prices, limits: limits)
        if profile == nil {
            settings.faults.append(
                "OPENAI_BASE_URL must be an http:// or https:// address without credentials, such as "
                    + "http://127.0.0.1:11434/v1, and OPENAI_MODEL at most 200 characters")
        }
    }
}
