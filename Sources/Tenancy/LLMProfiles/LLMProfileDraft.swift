import Foundation
public import JSON

/// What a caller says about a language model.
public struct LLMProfileDraft: Sendable, Hashable {
    /// What the company calls it, 1 to 100 characters, unique in the company.
    public var name: String
    /// What the paths of the API hang on, `https://api.example.com/v1`, up to 500 characters.
    public var baseURL: String
    /// The model to ask for.
    public var model: String
    /// The model to ask for when that one fails.
    public var fallbackModel: String?
    /// What is odd about the server; the language-model client says which words it knows.
    public var quirks: JSONObject
    /// Millionths of a US dollar for a million tokens read.
    public var priceInMicros: Int64
    /// … for a million tokens written.
    public var priceOutMicros: Int64
    /// … for a million tokens read from the provider's cache.
    public var priceCachedMicros: Int64
    /// How long one call may take, 1 to 120 seconds.
    public var timeoutSeconds: Int64
    /// Whether agents use it.
    public var enabled: Bool

    /// What a price may be.
    public static let priceRange: ClosedRange<Int64> = 0...1_000_000_000_000

    /// A profile.
    public init(
        name: String, baseURL: String, model: String, fallbackModel: String? = nil, quirks: JSONObject = [:],
        priceInMicros: Int64 = 0, priceOutMicros: Int64 = 0, priceCachedMicros: Int64 = 0, timeoutSeconds: Int64 = 60,
        enabled: Bool = true
    ) {
        self.name = name
        self.baseURL = baseURL
        self.model = model
        self.fallbackModel = fallbackModel
        self.quirks = quirks
        self.priceInMicros = priceInMicros
        self.priceOutMicros = priceOutMicros
        self.priceCachedMicros = priceCachedMicros
        self.timeoutSeconds = timeoutSeconds
        self.enabled = enabled
    }

    var checks: FieldChecks {
        var checks = FieldChecks()
        checks.text("name", name, 1...100)
        checks.text("model", model, 1...200)
        checks.text("fallbackModel", fallbackModel, 1...200)
        checks.object("quirks", quirks)
        checks.number("priceInMicros", priceInMicros, Self.priceRange)
        checks.number("priceOutMicros", priceOutMicros, Self.priceRange)
        checks.number("priceCachedMicros", priceCachedMicros, Self.priceRange)
        checks.number("timeoutSeconds", timeoutSeconds, 1...120)
        if Self.origin(of: baseURL) == nil {
            checks.add(
                "baseUrl", "format",
                "must be an http or https address without user, query or fragment, such as https://api.example.com/v1")
        }
        return checks
    }

    /// Scheme, host and port of an address that a profile may have; `nil` for any other.
    static func origin(of text: String) -> String? {
        guard (8...500).contains(text.unicodeScalars.count), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
            scheme == "http" || scheme == "https", let host = parts.host?.lowercased(), !host.isEmpty,
            parts.user == nil, parts.password == nil, parts.query == nil, parts.fragment == nil
        else { return nil }
        return "\(scheme)://\(host):\(parts.port ?? (scheme == "https" ? 443 : 80))"
    }
}

/// What a PATCH changes of a profile.
public struct LLMProfilePatch: Sendable, Hashable {
    /// What the company calls it.
    public var name: FieldChange<String> = .keep
    /// Where it is.
    public var baseURL: FieldChange<String> = .keep
    /// The model to ask for.
    public var model: FieldChange<String> = .keep
    /// The model to ask for when that one fails.
    public var fallbackModel: FieldChange<String?> = .keep
    /// What is odd about the server; replaced as a whole.
    public var quirks: FieldChange<JSONObject> = .keep
    /// Millionths of a US dollar for a million tokens read.
    public var priceInMicros: FieldChange<Int64> = .keep
    /// … written.
    public var priceOutMicros: FieldChange<Int64> = .keep
    /// … read from the provider's cache.
    public var priceCachedMicros: FieldChange<Int64> = .keep
    /// How long one call may take.
    public var timeoutSeconds: FieldChange<Int64> = .keep
    /// Whether agents use it.
    public var enabled: FieldChange<Bool> = .keep
    /// The key; `nil` forgets it.
    public var apiKey: FieldChange<String?> = .keep

    /// A patch that changes nothing.
    public init() {}

    /// The profile with these changes.
    public func applied(to draft: LLMProfileDraft) -> LLMProfileDraft {
        var result = draft
        name.apply(to: &result.name)
        baseURL.apply(to: &result.baseURL)
        model.apply(to: &result.model)
        fallbackModel.apply(to: &result.fallbackModel)
        quirks.apply(to: &result.quirks)
        priceInMicros.apply(to: &result.priceInMicros)
        priceOutMicros.apply(to: &result.priceOutMicros)
        priceCachedMicros.apply(to: &result.priceCachedMicros)
        timeoutSeconds.apply(to: &result.timeoutSeconds)
        enabled.apply(to: &result.enabled)
        return result
    }
}
