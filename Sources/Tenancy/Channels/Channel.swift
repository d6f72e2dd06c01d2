public import Foundation
public import JSON

/// A WhatsApp number or an e-mail address over which a company serves customers, without its secrets.
public struct Channel: Sendable, Hashable {
    /// What it is.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// A number of WhatsApp's Cloud API.
        case whatsapp
        /// An e-mail address at Postmark.
        case email
    }

    /// Whether it sends.
    public enum Status: String, Sendable, Hashable, CaseIterable {
        /// It does.
        case active
        /// It does not until somebody puts right what ``Channel/lastError`` says.
        case paused
    }

    /// What is sent on WhatsApp when nothing else is let through.
    public struct Template: Sendable, Hashable {
        /// Its name at the provider, 1 to 512 characters.
        public var name: String
        /// The code of its language, such as `en_US`.
        public var language: String

        /// A template.
        public init(name: String, language: String) {
            self.name = name
            self.language = language
        }
    }

    /// The most channels of one company.
    public static let limit = 20

    /// The channel's id, which stands in the webhook's path.
    public let id: UUID
    /// The company's id.
    public let companyId: UUID
    /// What it is.
    public let kind: Kind
    /// What people call it.
    public let name: String
    /// The phone number id, or the e-mail address.
    public let address: String
    /// The address that replies to e-mail come in by; a signed part is added before its `@`.
    public let replyAddress: String?
    /// The agent that answers what names nobody; nil for none.
    public let agent: String?
    /// What is sent on WhatsApp when nothing else is let through.
    public let template: Template?
    /// Whether anything is taken in and sent.
    public let enabled: Bool
    /// Whether it sends.
    public let status: Status
    /// What went wrong last; nil when all is well.
    public let lastError: String?
    /// When it was added.
    public let createdAt: Date
    /// When people last changed it.
    public let updatedAt: Date
    /// Counts people's changes; the `ETag`.
    public let version: Int

    /// The path to enter at the provider, behind this server's public address.
    public var webhookPath: String {
        switch kind {
        case .whatsapp: "/webhooks/whatsapp/\(id.lowercased)"
        case .email: "/webhooks/email/postmark/\(id.lowercased)"
        }
    }
}

extension Channel: JSONEncodable {
    /// Writes the channel; of its secrets nothing.
    public func encode(into writer: inout JSONWriter) {
        writer.object {
            $0.field("id", id)
            $0.field("companyId", companyId)
            $0.field("kind", kind.rawValue)
            $0.field("name", name)
            $0.field("address", address)
            $0.field("replyAddress", replyAddress)
            $0.field("agent", agent)
            $0.field("template", template)
            $0.field("enabled", enabled)
            $0.field("status", status.rawValue)
            $0.field("lastError", lastError)
            $0.field("webhookPath", webhookPath)
            $0.field("createdAt", createdAt)
            $0.field("updatedAt", updatedAt)
        }
    }
}

extension Channel.Template: JSONEncodable {
    /// Writes name and language.
    public func encode(into writer: inout JSONWriter) {
        writer.object {
            $0.field("name", name)
            $0.field("language", language)
        }
    }
}
