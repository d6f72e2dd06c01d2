public import Foundation
public import JSON

/// A message to be appended. The store adds place, time and sender.
public struct MessageDraft: Sendable, Hashable {
    /// The most bytes of UTF-8 that ``content`` may have.
    public static let maximumContentBytes = 32 * 1024
    /// The most characters of ``clientMessageId``.
    public static let maximumClientMessageIdLength = 255

    /// The id the message shall have. A second append with the same id in the same conversation is a repeat and
    /// returns the first message. Nil: a fresh one.
    public var id: UUID?
    /// Who speaks.
    public var role: MessageRole
    /// The text, at most ``maximumContentBytes``.
    public var content: String
    /// The agent that speaks, by its bare name.
    public var agentName: String?
    /// The sender's own id of this message; a second append by the same sender with the same one is a repeat.
    public var clientMessageId: String?
    /// What a model thought on the way.
    public var reasoning: JSONValue?
    /// The calls a model made.
    public var functionCalls: JSONValue?
    /// What the calls answered.
    public var functionOutputs: JSONValue?
    /// The caller's own data.
    public var metadata: JSONObject
    /// The message this one answers.
    public var inReplyTo: UUID?
    /// The turn that wrote it.
    public var turnId: UUID?
    /// What is to happen because of it.
    public var routing: JSONObject?
    /// What went into an agent's reply; only turns say so.
    public var labels: ContentLabels?

    /// A draft; everything but role and text may be left out.
    public init(
        role: MessageRole, content: String, id: UUID? = nil, agentName: String? = nil, clientMessageId: String? = nil,
        reasoning: JSONValue? = nil, functionCalls: JSONValue? = nil, functionOutputs: JSONValue? = nil,
        metadata: JSONObject = [:], inReplyTo: UUID? = nil, turnId: UUID? = nil, routing: JSONObject? = nil
    ) {
        self.id = id
        self.role = role
        self.content = content
        self.agentName = agentName
        self.clientMessageId = clientMessageId
        self.reasoning = reasoning
        self.functionCalls = functionCalls
        self.functionOutputs = functionOutputs
        self.metadata = metadata
        self.inReplyTo = inReplyTo
        self.turnId = turnId
        self.routing = routing
    }
}

/// A change to a message. What is nil stays as it is.
public struct MessageEdit: Sendable, Hashable {
    /// The new text.
    public var content: String?
    /// The caller's own data, in place of the old.
    public var metadata: JSONObject?

    /// An edit.
    public init(content: String? = nil, metadata: JSONObject? = nil) {
        self.content = content
        self.metadata = metadata
    }
}

/// What became of an append.
public struct Appended: Sendable, Hashable {
    private let stored: StoredMessage
    /// Whether this was a repeated send.
    public let replayed: Bool

    init(_ stored: StoredMessage, replayed: Bool) {
        self.stored = stored
        self.replayed = replayed
    }

    init(message: Message, replayed: Bool) { self.init(StoredMessage(message), replayed: replayed) }

    /// The message as stored; of a repeated send, the first one.
    public var message: Message { stored.message }

    /// ``message`` as JSON, for those who may see all of it.
    public var json: [UInt8] { stored.json }
}
