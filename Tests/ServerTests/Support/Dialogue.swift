import JSON
import TestSupport

extension API {
    /// What an agent replies to a text in the caller's own thread.
    func ask(_ agent: String, _ text: String) async throws -> JSONValue {
        let answer = try await post("/api/agents/\(agent)/chat", ["content": .string(text)]).expect(200)
        return answer["reply"]
    }

    /// The texts that an agent replies to texts, one after the other, in the caller's own thread.
    func talk(to agent: String, _ texts: String...) async throws -> [String] {
        var replies: [String] = []
        for text in texts { replies.append(try await ask(agent, text)["content"]?.stringValue ?? "") }
        return replies
    }

    /// What the agents reply to a text in a conversation.
    func say(_ text: String, in conversation: String) async throws -> [JSONValue] {
        try await with(header: "Prefer", "wait=20").post(
            "/api/conversations/\(conversation)/messages", ["content": .string(text)]
        ).expect(201)["replies"].arrayValue ?? []
    }
}

extension JSONValue {
    /// The skill that made a reply.
    var skill: String? { self["metadata"]?["skill"]?.stringValue }
    /// The text of a reply.
    var content: String { self["content"]?.stringValue ?? "" }
}
