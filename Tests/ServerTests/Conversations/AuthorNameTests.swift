import Foundation
import JSON
import TestSupport
import Testing

/// Who a visitor is told has answered.
@Suite struct AuthorNameTests {
    @Test("A member's message carries the member's name, whatever program sends it, and the visitor hears it live")
    func member() async throws {
        let server = try await TestServer.shared
        let ana = try await server.api.register("Ana")
        let joe = try await ana.join(as: "member", name: "Joe")
        let visitor = try await ana.visitor()
        let path = "/api/conversations/\(try await visitor.post("/api/conversations").expect(201).id)"
        let stream = try await server.listen("\(path)/events", as: visitor)
        for (writer, name) in [(ana, "Ana"), (joe, "Joe")] {
            let sent = try await writer.api.post(
                "\(path)/messages", ["content": "Hello", "metadata": ["note": "secret"]]
            ).expect(201)
            #expect(sent["metadata"] == ["note": "secret", "authorName": .string(name)])
            let heard = try await stream.event("message.created") { $0["id"].stringValue == sent.id }
            #expect(heard["metadata"] == ["authorName": .string(name)])
        }
        let seen = try await visitor.get("\(path)/messages").expect(200).data
        #expect(seen.map { $0["metadata"] } == [["authorName": "Ana"], ["authorName": "Joe"]])
        let opened = try await ana.api.post(
            "/api/conversations", ["platform": "web", "message": ["content": "Hi"]]
        ).expect(201)
        #expect(opened["message"]["metadata"] == [:], "no visitor reads it")
        stream.close()
    }

    @Test(
        "Where no customer reads, metadata stays as it was sent, and so does that of a customer's message from a program"
    )
    func untouched() async throws {
        let ana = try await TestServer.shared.api.register()
        let inside = try await ana.api.post("/api/conversations", ["title": "Draft"]).expect(201).id
        let outside = try await ana.visitor().post("/api/conversations").expect(201).id
        let cases: [(String, JSONValue, JSONValue)] = [
            (inside, "user", ["confidence": 0.5]), (inside, "user", [:]), (inside, "agent", ["authorName": "Eve"]),
            (outside, "customer", ["authorName": "Bob"]), (outside, "agent", [:]),
        ]
        for (conversation, role, metadata) in cases {
            let sent = try await ana.api.post(
                "/api/conversations/\(conversation)/messages",
                ["content": "Hello", "role": role, "metadata": metadata]
            ).expect(201)
            #expect(sent["metadata"] == metadata)
        }
    }

    @Test("Another name and none are the writer's choice; a program has no name but the one it gives")
    func choice() async throws {
        let ana = try await TestServer.shared.api.register()
        let key = try await ana.key("conversations:read", "conversations:write")
        let visitor = try await ana.visitor()
        let path = "/api/conversations/\(try await visitor.post("/api/conversations").expect(201).id)/messages"
        let cases: [(API, JSONValue, JSONValue?)] = [
            (ana.api, ["authorName": "Ana from Sales"], "Ana from Sales"), (ana.api, ["authorName": .null], nil),
            (key, [:], nil), (key, ["authorName": "Lena"], "Lena"),
        ]
        for (writer, metadata, name) in cases {
            let sent = try await writer.post(path, ["content": "Hello", "role": "user", "metadata": metadata])
                .expect(201)
            #expect(try await visitor.get("\(path)/\(sent.id)").expect(200)["metadata"]["authorName"] == name)
        }
        // What an agent says is the agent's.
        let agent = try await ana.api.post(path, ["content": "Hello", "role": "agent", "agentName": "sales"]).expect(
            201)
        #expect(agent["metadata"] == [:])
    }

    @Test("A visitor writes under nobody's name, not when sending and not by editing")
    func visitor() async throws {
        let ana = try await TestServer.shared.api.register()
        let visitor = try await ana.visitor()
        let path = "/api/conversations/\(try await visitor.post("/api/conversations").expect(201).id)/messages"
        let claim: JSONValue = ["authorName": "Ana", "page": "/shop"]
        let sent = try await visitor.post(path, ["content": "I am Ana", "metadata": claim]).expect(201)
        try await visitor.patch("\(path)/\(sent.id)", ["metadata": claim]).expect(200)
        let stored = try await ana.api.get("\(path)/\(sent.id)").expect(200)
        #expect(stored["metadata"] == ["page": "/shop"] && stored["role"] == "customer")
        // Nor does a visitor change what a member's message says about its writer.
        let ours = try await ana.api.post(path, ["content": "Hello"]).expect(201)
        #expect(try await visitor.patch("\(path)/\(ours.id)", ["metadata": ["authorName": "Eve"]]).status >= 400)
        #expect(try await visitor.get("\(path)/\(ours.id)")["metadata"] == ["authorName": "Ana"])
    }

    @Test("An edit keeps the name of who wrote, whoever edits")
    func edit() async throws {
        let ana = try await TestServer.shared.api.register()
        let joe = try await ana.join(as: "admin")
        let id = try await ana.visitor().post("/api/conversations").expect(201).id
        let path = "/api/conversations/\(id)/messages"
        let sent = try await ana.api.post(path, ["content": "Hello"]).expect(201)
        let edited = try await joe.api.patch("\(path)/\(sent.id)", ["metadata": ["note": "x"]]).expect(200)
        #expect(edited["metadata"] == ["note": "x", "authorName": "Ana"])
        let renamed = try await ana.api.patch("\(path)/\(sent.id)", ["metadata": ["authorName": "A. Alba"]]).expect(200)
        #expect(renamed["metadata"] == ["authorName": "A. Alba"])
    }
}
