import Foundation
import JSON
import TestSupport
import Testing

/// A stream tells only what its reader may see. Each test writes something last that the reader is told: what came
/// before that is all there is.
@Suite struct StreamIsolationTests {
    @Test func anotherCompanysEventsNeverAppear() async throws {
        let (first, second) = (try await TestServer.shared, try await TestServer.second)
        let (ana, bob) = (try await first.api.register("Ana"), try await first.api.register("Bob"))
        let theirs = try await second.listen("/api/events", as: bob.api)
        let key = try await second.listen("/api/events", as: bob.key("events:read"))
        let id = try await Resources.make("conversations", of: ana)
        for api in [bob.api, try await bob.visitor(), try await bob.key("conversations:read")] {
            await #expect(throws: StreamRefused.self) {
                try await second.listen("/api/conversations/\(id)/events", as: api)
            }
        }
        let path = "/api/conversations/\(id)"
        let message = try await ana.api.post("\(path)/messages", ["content": "for us alone"]).expect(201)
        try await ana.api.patch("\(path)/messages/\(message.id)", ["content": "still"]).expect(200)
        try await ana.api.post("\(path)/typing").expect(204)
        try await ana.api.post("\(path)/read", ["seq": 1]).expect(200)
        try await ana.api.delete(path).expect(204)
        let own = try await Resources.make("conversations", of: bob)
        for stream in [theirs, key] {
            try await stream.event("conversation.created") { $0["id"].stringValue == own }
            for event in stream.events {
                let isOwn = event["companyId"].stringValue == bob.companyId || event["userId"].stringValue == bob.userId
                #expect(isOwn, "\(event)")
            }
            stream.close()
        }
    }

    @Test func aPersonsOwnThreadIsTheirsAlone() async throws {
        let server = try await TestServer.shared
        let ana = try await server.api.register("Ana")
        let joe = try await ana.join(as: "admin")
        let listeners = [
            try await server.listen("/api/events", as: ana.api),
            try await server.listen("/api/events", as: ana.key("events:read")),
        ]
        let joes = try await server.listen("/api/events", as: joe.api)
        let thread = try await joe.api.post("/api/conversations", ["title": "Mine", "platform": "internal"]).expect(201)
        try await joe.api.post("/api/conversations/\(thread.id)/messages", ["content": "secret"]).expect(201)
        try await joe.api.post("/api/conversations/\(thread.id)/typing").expect(204)
        try await joes.event("typing")
        #expect(joes.events.contains { $0.name == "message.created" })
        let own = try await Resources.make("conversations", of: ana)
        for stream in listeners {
            try await stream.event("conversation.created") { $0["id"].stringValue == own }
            for event in stream.events {
                #expect(!String(decoding: event.data, as: UTF8.self).contains(thread.id), "\(event)")
            }
            stream.close()
        }
        joes.close()
    }

    @Test func aVisitorHearsOfItsOwnConversationAndNothingThatIsTheCompanys() async throws {
        let (first, second) = (try await TestServer.shared, try await TestServer.second)
        let ana = try await first.api.register()
        let (one, two) = (try await ana.visitor(), try await ana.visitor())
        let id = try await one.post("/api/conversations").expect(201).id
        let path = "/api/conversations/\(id)"
        await #expect(throws: StreamRefused.self) { try await second.listen("\(path)/events", as: two) }
        await #expect(throws: StreamRefused.self) { try await second.listen("/api/events", as: one) }
        let live = try await second.listen("\(path)/events?after=0", as: one)
        let message: JSONValue = [
            "content": "Good day", "role": "agent", "agentName": "sales", "reasoning": "a secret thought",
            "functionCalls": [["name": "secret"]], "functionOutputs": ["secret"], "metadata": ["note": "secret"],
            "clientMessageId": "secret-1",
        ]
        let sent = try await ana.api.post("\(path)/messages", message).expect(201)
        #expect(sent["reasoning"] == "a secret thought")
        try await ana.api.patch(path, ["metadata": ["score": "secret"], "assignee": .string(ana.userId)]).expect(200)
        try await ana.api.post("\(path)/control", ["action": "take"]).expect(200)
        try await ana.api.post("\(path)/read", ["seq": 1]).expect(200)
        try await ana.api.post("\(path)/typing").expect(204)
        try await ana.api.patch("\(path)/messages/\(sent.id)", ["content": "Good evening"]).expect(200)
        try await live.event("message.updated")
        let later = try await second.listen("\(path)/events?after=0", as: one)
        try await later.event("message.created")
        let resumed = try await second.listen(
            "\(path)/events", as: one, lastEventId: try #require(live.events.first { $0.id != nil }?.id))
        try await resumed.event("message.updated")
        for stream in [live, later, resumed] {
            for event in stream.events {
                let text = String(decoding: event.data, as: UTF8.self)
                #expect(!text.contains("secret") && !text.contains(ana.userId), "\(event)")
                #expect(event["assignee"].isNull, "\(event)")
                #expect(["message.created", "message.updated", "conversation.updated", "typing"].contains(event.name))
            }
            stream.close()
        }
        #expect(live.events.contains { $0.name == "typing" })
        #expect(live.events.contains { $0.name == "conversation.updated" })
    }
}
