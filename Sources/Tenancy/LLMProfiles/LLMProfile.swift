public import Foundation
public import JSON

/// A language model that a company brought along: where it is and what it costs. The key is not in it.
public struct LLMProfile: Sendable, Hashable {
    /// Its id.
    public let id: UUID
    /// Everything a caller says about it but the key.
    public let content: LLMProfileDraft
    /// Whether a key is kept.
    public let hasKey: Bool
    /// The key's last four characters; `nil` for a short key and for none.
    public let keyHint: String?
    /// When it was made.
    public let createdAt: Date
    /// When it last changed.
    public let updatedAt: Date
    /// Counts changes; the `ETag`.
    public let version: Int

    /// How many profiles a company may have.
    public static let limit = 20
}

/// A profile with its key, for the company's own work.
public struct OpenedLLMProfile: Sendable {
    /// The profile.
    public let profile: LLMProfile
    /// The key; `nil` for a server that needs none. Never in logs, errors or answers.
    public let apiKey: String?
}

extension LLMProfile: JSONEncodable {
    /// Writes the profile with `hasKey` and `keyHint` in the place of the key.
    public func encode(into writer: inout JSONWriter) {
        writer.object {
            $0.field("id", id)
            $0.field("name", content.name)
            $0.field("baseUrl", content.baseURL)
            $0.field("hasKey", hasKey)
            $0.field("keyHint", keyHint)
            $0.field("model", content.model)
            $0.field("fallbackModel", content.fallbackModel)
            $0.field("quirks", content.quirks)
            $0.field("priceInMicros", content.priceInMicros)
            $0.field("priceOutMicros", content.priceOutMicros)
            $0.field("priceCachedMicros", content.priceCachedMicros)
            $0.field("timeoutSeconds", content.timeoutSeconds)
            $0.field("enabled", content.enabled)
            $0.field("createdAt", createdAt)
            $0.field("updatedAt", updatedAt)
        }
    }
}
