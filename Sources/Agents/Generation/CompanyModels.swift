import JSON
public import LanguageModels
public import Tenancy

extension ModelProfileSource<TenantScope> {
    /// The models that companies brought along.
    public static func companies(_ store: LLMProfileStore) -> Self {
        Self { scope, _ in try await store.opened(.forJob(companyId: scope.companyId)).flatMap { ModelProfile($0) } }
    }
}

extension ModelProfile {
    /// A company's profile; nil when it is none that can be asked.
    init?(_ opened: OpenedLLMProfile) {
        let (profile, content) = (opened.profile, opened.profile.content)
        var limits = ModelLimits()
        limits.whole = .seconds(content.timeoutSeconds)
        self.init(
            id: profile.id.lowercased, baseURL: content.baseURL, key: opened.apiKey.flatMap { ModelKey($0) },
            model: content.model, fallbackModel: content.fallbackModel,
            quirks: ModelQuirks(baseURL: content.baseURL).changed(by: content.quirks),
            prices: ModelPrices(
                input: content.priceInMicros, output: content.priceOutMicros,
                cached: content.priceCachedMicros == 0 ? nil : content.priceCachedMicros), limits: limits)
        isCompanys = true
    }
}

extension ModelQuirks {
    /// These, and what a company says of its server: `supportsTools`, `supportsStreaming`, `supportsStreamUsage`,
    /// `supportsTemperature`, and `tokenField`. Other words are not known and left alone.
    func changed(by words: JSONObject) -> ModelQuirks {
        var result = self
        func flag(_ name: String, _ place: WritableKeyPath<ModelQuirks, Bool>) {
            if let value = words[name]?.boolValue { result[keyPath: place] = value }
        }
        flag("supportsTools", \.supportsTools)
        flag("supportsStreaming", \.supportsStreaming)
        flag("supportsStreamUsage", \.supportsStreamUsage)
        flag("supportsTemperature", \.supportsTemperature)
        if let field = words["tokenField"]?.stringValue.flatMap({ TokenField(rawValue: $0) }) {
            result.tokenField = field
        }
        return result
    }
}
