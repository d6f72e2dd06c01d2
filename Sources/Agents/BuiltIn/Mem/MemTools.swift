import Foundation
public import JSON
public import Tenancy

/// Limits and results of the memory's tools.
enum MemTools {
    static let longestText = 2_000
    static let longestQuery = 500

    static func json(_ memory: Memory) -> JSONValue {
        [
            "id": .string(memory.id.lowercased), "text": .string(memory.text),
            "createdAt": .string(Timestamp.string(memory.createdAt)), "shared": .bool(memory.isShared),
            "source": .string(memory.source.rawValue),
        ]
    }

    static func json(_ memories: [Memory], hasMore: Bool = false) -> JSONValue {
        var result: JSONObject = ["memories": .array(memories.map { json($0) }), "hasMore": .bool(hasMore)]
        if memories.contains(where: { $0.source == .untrusted }) { result["trust"] = "external" }
        return .object(result)
    }
}

extension ToolScope {
    /// Whose memories are meant: the author's, never somebody else's.
    func memorySubject() throws(ToolError) -> Subject {
        guard let subject = author.subject else { throw .notAllowed("there is nobody to remember this for") }
        return subject
    }

    /// The message that a memory saved now comes from.
    var origin: MemoryOrigin? {
        triggerMessageId.map { MemoryOrigin(conversationId: conversationId, messageId: $0) }
    }

    /// Whose word a memory saved now is: what a model writes after it has read words of somebody outside may be theirs.
    var memorySource: Memory.Source {
        guard isModelsWord else { return .userSaid }
        return taint.isExternal ? .untrusted : .agentInferred
    }
}

/// `mem_save`: remembers a text for the author.
public struct MemSaveTool: Tool {
    /// `mem_save`.
    public let name = "mem_save"
    /// What it does.
    public let description = "Remembers a text for the person who asks. A fact (\"my x is y\") replaces the old one."
    /// Writes inside Switchboard.
    public let effect = ToolEffect.internalWrite
    /// `text`.
    public let schema = ToolSchema(.init("text", .text(maximum: MemTools.longestText), "What to remember"))
    private let memories: MemoryStore

    /// The tool on a store.
    public init(_ memories: MemoryStore) { self.memories = memories }

    /// Answers `{id, text, createdAt, replaced}`. Run again in the same turn with the same text it saves nothing new. The
    /// same text said again gives the memory one more message that it comes from.
    public func run(_ scope: ToolScope, _ arguments: JSONObject) async throws -> JSONValue {
        let subject = try scope.memorySubject()
        let text = arguments["text"]?.stringValue ?? ""
        let source = scope.memorySource
        // What may be an outsider's word takes the place of nobody else's.
        let old = try await earlier(text, scope, subject).filter { source != .untrusted || $0.source == source }
        let saved: Memory
        if let same = old.first(where: { $0.text == text && $0.source == source }) {
            if let origin = scope.origin {
                try await memories.note(origin, of: same.id, scope.tenant, subject: subject)
            }
            saved = same
        } else {
            saved = try await memories.save(
                scope.tenant, MemoryDraft(text, source: source, origin: scope.origin),
                id: scope.id(for: "mem_save \(text)"), subject: subject)
        }
        var result = MemTools.json(saved).objectValue ?? [:]
        for memory in old where memory.id != saved.id {
            do { try await memories.forget(scope.tenant, memory.id, subject: subject) } catch is NotFound { continue }
            if memory.text != text { result["replaced"] = .string(memory.text) }
        }
        return .object(result)
    }

    /// What was saved of the same thing before: the same text, or another value of the same key.
    private func earlier(_ text: String, _ scope: ToolScope, _ subject: Subject) async throws -> [Memory] {
        let key = MemPatterns.key(of: text)
        let found = try await memories.search(scope.tenant, key ?? text, limit: 50, subject: subject)
        return found.filter { $0.text == text || (key != nil && MemPatterns.key(of: $0.text) == key) }
    }
}

/// `mem_search`: the author's memories that fit a question.
public struct MemSearchTool: Tool {
    /// `mem_search`.
    public let name = "mem_search"
    /// What it does.
    public let description = "Finds what the person who asks had remembered."
    /// Reads what is one person's.
    public let effect = ToolEffect.privateRead
    /// `query` and `max`.
    public let schema = ToolSchema(
        .init("query", .text(maximum: MemTools.longestQuery), "Words to look for"),
        .init("max", .integer(1...50), "How many at most", isRequired: false))
    private let memories: MemoryStore

    /// The tool on a store.
    public init(_ memories: MemoryStore) { self.memories = memories }

    /// Answers `{memories: [{id, text, createdAt, shared, source}]}`, best first; the company's too.
    public func run(_ scope: ToolScope, _ arguments: JSONObject) async throws -> JSONValue {
        let limit = arguments["max"]?.integerValue.flatMap { Int(exactly: $0) } ?? 5
        return MemTools.json(
            try await memories.search(
                scope.tenant, arguments["query"]?.stringValue ?? "", limit: limit, subject: try scope.memorySubject(),
                withShared: true))
    }
}

/// `mem_list`: the author's newest memories.
public struct MemListTool: Tool {
    /// `mem_list`.
    public let name = "mem_list"
    /// What it does.
    public let description = "Lists what the person who asks had remembered, newest first."
    /// Reads what is one person's.
    public let effect = ToolEffect.privateRead
    /// `max`.
    public let schema = ToolSchema(.init("max", .integer(1...200), "How many at most", isRequired: false))
    private let memories: MemoryStore

    /// The tool on a store.
    public init(_ memories: MemoryStore) { self.memories = memories }

    /// Answers like `mem_search`, with `hasMore`.
    public func run(_ scope: ToolScope, _ arguments: JSONObject) async throws -> JSONValue {
        let limit = arguments["max"]?.integerValue.flatMap { Int(exactly: $0) } ?? 50
        let page = try await memories.list(
            scope.tenant, page: PageRequest(limit: limit), subject: try scope.memorySubject(), withShared: true)
        return MemTools.json(page.items, hasMore: page.nextCursor != nil)
    }
}

/// `mem_forget`: forgets one of the author's memories, or all of them.
public struct MemForgetTool: Tool {
    /// `mem_forget`.
    public let name = "mem_forget"
    /// What it does.
    public let description = "Forgets one memory of the person who asks by its id, or all of them."
    /// Writes inside Switchboard.
    public let effect = ToolEffect.internalWrite
    /// `id`, or `all`.
    public let schema = ToolSchema(
        .init("id", .text(maximum: 36), "The memory's id", isRequired: false),
        .init("all", .flag, "Forget everything", isRequired: false))
    private let memories: MemoryStore

    /// The tool on a store.
    public init(_ memories: MemoryStore) { self.memories = memories }

    /// Answers `{count}`.
    /// - Throws: ``ToolError/notFound`` for a memory that is absent or somebody else's.
    public func run(_ scope: ToolScope, _ arguments: JSONObject) async throws -> JSONValue {
        let subject = try scope.memorySubject()
        if arguments["all"]?.boolValue == true {
            return ["count": .integer(Int64(try await memories.forgetAll(scope.tenant, subject: subject)))]
        }
        guard let text = arguments["id"]?.stringValue else {
            throw ToolError.invalidArguments("id or all must be given")
        }
        guard let id = UUID(strict: text) else { throw ToolError.notFound }
        do {
            try await memories.forget(scope.tenant, id, subject: subject)
        } catch is NotFound {
            guard case .user(let userId) = subject else { throw ToolError.notFound }
            do { try await memories.forgetShared(scope.tenant, id, by: userId) } catch is NotFound {
                throw ToolError.notFound
            }
        }
        return ["count": 1]
    }
}
