public import JSON

/// The channel on which a conversation takes place.
public enum Platform: String, Sendable, Hashable, CaseIterable {
    /// The chat on a company's website.
    case web
    /// Electronic mail.
    case email
    /// WhatsApp.
    case whatsapp
    /// A program of the company.
    case api
    /// A thread of somebody in the company. Without a customer it belongs to the user who made it alone.
    case `internal`
}

/// Whether a conversation is worked on.
public enum ConversationStatus: String, Sendable, Hashable, CaseIterable {
    /// Being worked on.
    case active
    /// Put away; still readable.
    case archived
}

/// Who speaks in a message.
public enum MessageRole: String, Sendable, Hashable, CaseIterable {
    /// Somebody the company serves.
    case customer
    /// A member of the company.
    case user
    /// An agent.
    case agent
    /// Switchboard itself.
    case system

    /// The role for a word of a client: a role's name, or `assistant` for ``agent``.
    public init?(word: String) {
        if word == "assistant" { self = .agent } else { self.init(rawValue: word) }
    }

    /// Whether a message of this role may start an agent.
    public var startsAgents: Bool { self == .user || self == .customer }
}

extension Platform: JSONEncodable {
    /// Writes the platform's name.
    public func encode(into writer: inout JSONWriter) { rawValue.encode(into: &writer) }
}

extension ConversationStatus: JSONEncodable {
    /// Writes the status' name.
    public func encode(into writer: inout JSONWriter) { rawValue.encode(into: &writer) }
}

extension MessageRole: JSONEncodable {
    /// Writes the role's name.
    public func encode(into writer: inout JSONWriter) { rawValue.encode(into: &writer) }
}
