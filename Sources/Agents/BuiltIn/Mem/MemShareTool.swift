import Foundation
public import JSON
public import Tenancy

/// `mem_share`: remembers a text for the whole company. A person has confirmed it in so many words, which is why no
/// model is offered it.
public struct MemShareTool: Tool {
    /// `mem_share`.
    public let name = "mem_share"
    /// What it does.
    public let description = "Remembers a text for every member of the company."
    /// Writes inside Switchboard.
    public let effect = ToolEffect.internalWrite
    /// `text`, and the message and conversation in which it was said, where that is not the message of the turn.
    public let schema = ToolSchema(
        .init("text", .text(maximum: MemTools.longestText), "What to remember"),
        .init("messageId", .text(maximum: 36), "The message it was said in", isRequired: false),
        .init("conversationId", .text(maximum: 36), "The conversation of that message", isRequired: false))
    /// For skills alone.
    public let isForModels = false
    private let memories: MemoryStore

    /// The tool on a store.
    public init(_ memories: MemoryStore) { self.memories = memories }

    /// Answers `{id, text, createdAt, shared, source}`. Run again in the same turn it saves nothing new.
    /// - Throws: ``ToolError/notAllowed(_:)`` for customers.
    public func run(_ scope: ToolScope, _ arguments: JSONObject) async throws -> JSONValue {
        let text = arguments["text"]?.stringValue ?? ""
        var author: UUID?
        switch scope.author {
        case .user(let id): author = id
        case .program: author = nil
        case .customer: throw ToolError.notAllowed("customers share nothing with the company's members")
        }
        return MemTools.json(
            try await memories.save(
                scope.tenant, MemoryDraft(text, origin: MemoryOrigin(.object(arguments)) ?? scope.origin),
                id: scope.id(for: "mem_share \(text)"), subject: .company,
                author: author))
    }
}

/// `mem_get`: one memory of the author's, or of the company's, in full.
public struct MemGetTool: Tool {
    /// `mem_get`.
    public let name = "mem_get"
    /// What it does.
    public let description = "Shows one memory of the person who asks by its id."
    /// Reads what is one person's.
    public let effect = ToolEffect.privateRead
    /// `id`.
    public let schema = ToolSchema(.init("id", .text(maximum: 36), "The memory's id"))
    private let memories: MemoryStore

    /// The tool on a store.
    public init(_ memories: MemoryStore) { self.memories = memories }

    /// Answers one memory as `mem_search` does, with the message it comes from.
    /// - Throws: ``ToolError/notFound`` for a memory that is absent or somebody else's.
    public func run(_ scope: ToolScope, _ arguments: JSONObject) async throws -> JSONValue {
        let subject = try scope.memorySubject()
        guard let id = arguments["id"]?.stringValue.flatMap({ UUID(strict: $0) }) else { throw ToolError.notFound }
        for owner in [subject, .company] {
            if case .customer = subject, owner == .company { break }
            do { return json(try await memories.get(scope.tenant, id, subject: owner)) } catch is NotFound { continue }
        }
        throw ToolError.notFound
    }
    private func json(_ memory: Memory) -> JSONValue {
        var json = MemTools.json(memory).objectValue ?? [:]
        if memory.source == .untrusted { json["trust"] = "external" }
        json["messageId"] = memory.origin.map { .string($0.messageId.lowercased) }
        json["conversationId"] = memory.origin.map { .string($0.conversationId.lowercased) }
        return .object(json)
    }
}
