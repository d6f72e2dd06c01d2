/// Where a language model is reached, and how it is spoken to.
///
/// Anything that speaks OpenAI's chat completions will do: the official service with a key, or Ollama, vLLM and
/// llama.cpp by their address alone.
public struct ModelProfile: Sendable, Hashable {
    /// Names the profile in logs and keeps its breaker and what was learned about it apart from others'.
    public var id: String
    /// The address before `/chat/completions`, without a slash at its end.
    public let baseURL: String
    /// The key; nil for servers that want none.
    public var key: ModelKey?
    /// The model.
    public var model: String
    /// The model to ask when the first one fails.
    public var fallbackModel: String?
    /// How the server departs from the official one.
    public var quirks: ModelQuirks
    /// What the models cost.
    public var prices: ModelPrices
    /// Times and sizes.
    public var limits: ModelLimits
    /// Whether a company gave the address: it is reached by the rules for such addresses only.
    public var isCompanys = false

    /// A profile; nil when the address is not an `http://` or `https://` one, or carries credentials, a query or a
    /// fragment, or when the model's name is empty or longer than 200 characters.
    public init?(
        id: String, baseURL: String, key: ModelKey? = nil, model: String, fallbackModel: String? = nil,
        quirks: ModelQuirks? = nil, prices: ModelPrices = ModelPrices(), limits: ModelLimits = ModelLimits()
    ) {
        guard let address = Self.address(baseURL), (1...200).contains(model.count) else { return nil }
        self.id = id
        self.baseURL = address
        self.key = key
        self.model = model
        self.fallbackModel = fallbackModel.flatMap { $0.isEmpty || $0 == model ? nil : $0 }
        self.quirks = quirks ?? ModelQuirks(baseURL: address + "/")
        self.prices = prices
        self.limits = limits
    }

    /// The profile for an agent that wants a model of its own. What the operator pays for is for the operator to
    /// choose: only a company's own profile asks for models that it does not name itself.
    public func serving(_ wish: String?) -> ModelProfile {
        guard let wish, wish != model, (1...200).contains(wish.count), isCompanys || wish == fallbackModel else {
            return self
        }
        var result = self
        result.fallbackModel = model
        result.model = wish
        return result
    }

    /// The models in the order in which they are asked.
    public var models: [String] { [model] + (fallbackModel.map { [$0] } ?? []) }

    /// An address that can be asked, without the slashes at its end.
    static func address(_ text: String) -> String? {
        var text = text[...]
        while text.last == "/" { text.removeLast() }
        let lower = text.lowercased()
        let scheme = ["https://", "http://"].first { lower.hasPrefix($0) }
        guard let scheme, text.utf8.count <= 2_000, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return nil
        }
        let rest = text.dropFirst(scheme.count)
        let host = rest.prefix { $0 != "/" }
        guard !host.isEmpty, !host.hasPrefix(":"), !rest.contains(where: { "@?#\\\"<>".contains($0) }) else {
            return nil
        }
        return scheme + rest
    }
}
