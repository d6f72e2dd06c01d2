public import Conversations
public import JSON

/// `conversation_search`: conversations that the author sees, by words of their titles, and what was said lately in the
/// author's own thread.
public struct ConversationSearchTool: Tool {
    /// `conversation_search`.
    public let name = "conversation_search"
    /// What it does.
    public let description =
        "Finds conversations by words of their titles, and recent messages of the person's own thread."
    /// What one member sees.
    public let effect = ToolEffect.privateRead
    /// Customers write titles, too.
    public let bringsExternalContent = true
    /// `query`.
    public let schema = ToolSchema(
        .init("query", .text(maximum: 200), "Words to look for; all of them have to be there"))
    /// Messages of the thread that are looked through.
    static let messages = 200
    /// Results of each kind.
    static let results = 5
    private let conversations: ConversationStore

    /// The tool on a store.
    public init(_ conversations: ConversationStore) { self.conversations = conversations }

    /// Answers `{conversations: [{id, title, at}], messages: [{from, text, at}]}`, the newest first.
    /// - Throws: ``ToolError`` when no member asks.
    public func run(_ scope: ToolScope, _ arguments: JSONObject) async throws -> JSONValue {
        guard case .user(let userId) = scope.author else {
            throw ToolError.notAllowed("only a member has conversations")
        }
        let words = FoldedText(arguments["query"]?.stringValue ?? "").words
        let query = arguments["query"]?.stringValue ?? ""
        let written = words.map { String(query[$0.range]).trimmingPunctuation() }
        async let titled = conversations.conversations(
            titled: written, seenBy: userId, limit: Self.results, in: scope.tenant)
        let said = try await conversations.threadMessages(of: userId, limit: Self.messages, in: scope.tenant)
            .filter { $0.deletedAt == nil && Self.fits($0.content, words.map(\.folded)) && !Self.isAsking($0) }
        return [
            "conversations": .array(
                try await titled.map { conversation in
                    [
                        "id": .string(conversation.id.lowercased), "title": .string(conversation.title ?? ""),
                        "at": .string(Timestamp.string(conversation.lastActivityAt)),
                    ]
                }),
            "messages": .array(
                said.suffix(Self.results).reversed().map { message in
                    [
                        "from": .string(message.agentName.map { "@" + $0 } ?? message.role.rawValue),
                        "text": .string(String(message.content.prefix(300))),
                        "at": .string(Timestamp.string(message.timestamp)),
                    ]
                }),
        ]
    }

    /// Whether it is the search itself, or what it was answered.
    private static func isAsking(_ message: Message) -> Bool {
        message.agentName == "assistant"
            || message.routing?["agents"]?.arrayValue?.contains("assistant") == true
    }

    private static func fits(_ text: String, _ words: [String]) -> Bool {
        let line = FoldedText(text).line
        return !words.isEmpty && words.allSatisfy { line.contains($0) }
    }
}

extension String {
    /// Without sentence marks at the ends.
    fileprivate func trimmingPunctuation() -> String {
        var part = self[...]
        while let mark = part.first, mark.isPunctuation { part.removeFirst() }
        while let mark = part.last, mark.isPunctuation { part.removeLast() }
        return String(part)
    }
}
