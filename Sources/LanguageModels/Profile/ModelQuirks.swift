/// How a server departs from the official service. What is not known beforehand is learned from its refusals
/// (``learn(from:)``) and kept as long as the process runs.
public struct ModelQuirks: Sendable, Hashable {
    /// The name of the field that bounds the answer.
    public enum TokenField: String, Sendable, Hashable {
        /// Deprecated at the official service, but the only one that many servers know.
        case maximumTokens = "max_tokens"
        /// The official service's.
        case maximumCompletionTokens = "max_completion_tokens"
    }

    /// The role in which rules and instructions are given.
    public enum SystemRole: String, Sendable, Hashable { case system, developer, user }

    /// The name of the field that bounds the answer.
    public var tokenField: TokenField
    /// The role in which rules and instructions are given.
    public var systemRole = SystemRole.system
    /// Whether tools can be offered.
    public var supportsTools = true
    /// Whether a stream ends with its usage when asked to.
    public var supportsStreamUsage = true
    /// Whether the server streams at all.
    public var supportsStreaming = true
    /// Whether a temperature may be given; models that reason refuse it.
    public var supportsTemperature = true
    /// Whether the fields of the official service alone are sent: `prompt_cache_key`, `safety_identifier`, `store`.
    public var sendsOfficialFields: Bool

    /// The usual server.
    public init(tokenField: TokenField = .maximumTokens, sendsOfficialFields: Bool = false) {
        self.tokenField = tokenField
        self.sendsOfficialFields = sendsOfficialFields
    }

    /// What is known of the server at this address.
    public init(baseURL: String) {
        let isOfficial = baseURL.lowercased().hasPrefix("https://api.openai.com/")
        self.init(
            tokenField: isOfficial ? .maximumCompletionTokens : .maximumTokens, sendsOfficialFields: isOfficial)
    }

    /// Learns from a refusal (400 or 422) which of the optional fields the server does not take.
    /// - Returns: whether something was learned, so that the same request may be sent once more in the new form.
    mutating func learn(from refusal: String) -> Bool {
        let text = refusal.lowercased()
        let before = self
        if supportsStreamUsage, text.contains("stream_options") || text.contains("include_usage") {
            supportsStreamUsage = false
        } else if tokenField == .maximumTokens, text.contains("max_completion_tokens") {
            tokenField = .maximumCompletionTokens
        } else if tokenField == .maximumCompletionTokens, text.contains("max_completion_tokens") {
            tokenField = .maximumTokens
        } else if supportsTemperature, text.contains("temperature") {
            supportsTemperature = false
        } else if sendsOfficialFields,
            ["prompt_cache_key", "safety_identifier", "store"].contains(where: { text.contains($0) })
        {
            sendsOfficialFields = false
        } else if text.contains("not support tools") || text.contains("tools is not supported")
            || text.contains("tool_choice")
        {
            supportsTools = false
        } else if text.contains("role"), text.contains("system") || text.contains("developer") {
            systemRole = systemRole == .developer ? .system : .user
        }
        return self != before
    }
}
