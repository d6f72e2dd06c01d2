import Foundation
import JSON
import TestSupport
import Testing

/// What agents remember: one's own to see, correct and delete.
@Suite struct MemoryRouteTests {
    @Test func isSavedFoundCorrectedAndForgotten() async throws {
        let ana = try await TestServer.shared.api.register()
        let made = try await ana.api.post("/api/memories", ["text": "The gate code is 4411"]).expect(201)
        #expect(made["source"] == "user_said" && made["pinned"] == false && made["shared"] == false)
        try await ana.api.post("/api/memories", ["text": "Bread on Fridays"]).expect(201)
        let path = "/api/memories/\(made.id)"
        #expect(try await ana.api.get("/api/memories?q=gate").expect(200).data.map { $0["id"] } == [.string(made.id)])
        let pinned = try await ana.api.patch(path, ["pinned": true, "text": "The gate code is 5522"]).expect(200)
        #expect(pinned["text"] == "The gate code is 5522" && pinned["pinned"] == true)
        let first = try await ana.api.get("/api/memories?limit=1").expect(200)
        #expect(first.data.first?["id"] == .string(made.id), "what is pinned comes first")
        let cursor = try #require(first["nextCursor"].stringValue)
        #expect(try await ana.api.get("/api/memories?cursor=\(cursor)").data.map { $0["text"] } == ["Bread on Fridays"])
        #expect(try await ana.api.ask("mem", "?gate code").content.contains("5522"), "and the agent knows it")
        try await ana.api.delete(path).expect(204)
        try await ana.api.delete(path).expect(404)
        let past: JSONValue = ["text": "x", "expiresAt": "2020-01-01T00:00:00.000Z"]
        #expect(
            try await ana.api.post("/api/memories", past).expect(400)["errors"].arrayValue?.first?["field"]
                == "expiresAt")
    }

    @Test func isNobodyElses() async throws {
        let ana = try await TestServer.shared.api.register()
        let id = try await ana.api.post("/api/memories", ["text": "mine alone"]).expect(201).id
        let colleague = try await ana.join(as: "admin").api.with(header: "X-Request-Id", "same")
        let absent = try await colleague.get("/api/memories/\(UUID.v7().lowercased)").expect(404)
        #expect(try await colleague.get("/api/memories/\(id)").expect(404).bytes == absent.bytes)
        try await colleague.patch("/api/memories/\(id)", ["text": "x"]).expect(404)
        try await colleague.delete("/api/memories/\(id)").expect(404)
        #expect(try await colleague.get("/api/memories").data.isEmpty)
    }

    @Test func namesTheMessageItComesFromAndGoesWithIt() async throws {
        let ana = try await TestServer.shared.api.register()
        let byHand = try await ana.api.post("/api/memories", ["text": "Bread on Fridays"]).expect(201)
        #expect(byHand["sourceMessageId"] == nil)
        let answer = try await ana.api.ask("mem", "remember the gate code is 4411")
        #expect(answer.content.contains("4411"))
        let memory = try #require(try await ana.api.get("/api/memories?q=gate").expect(200).data.first)
        let message = try #require(memory["sourceMessageId"]?.stringValue)
        let conversation = try #require(memory["sourceConversationId"]?.stringValue)
        let path = "/api/conversations/\(conversation)/messages/\(message)"
        #expect(try await ana.api.get(path).expect(200)["content"].stringValue?.contains("4411") == true)
        let id = try #require(memory["id"]?.stringValue)
        try await ana.api.delete(path).expect(204)
        try await ana.api.get("/api/memories/\(id)").expect(404)
        #expect(try await ana.api.get("/api/memories").data.map { $0["text"] } == ["Bread on Fridays"])
    }

    @Test func isSharedAfterAYes() async throws {
        let ana = try await TestServer.shared.api.register()
        let joe = try await ana.join(as: "member").api
        let asked = try await joe.talk(to: "mem", "share the office opens at 9", "no", "list")
        #expect(asked[0].contains("yes or no") && asked[1].contains("yours alone") && !asked[2].contains("office"))
        let shared = try await joe.talk(to: "mem", "remember for everyone that the office opens at 9", "yes")
        #expect(shared[1].contains("everyone"))
        #expect(try await ana.api.ask("mem", "recall office").content.contains("opens at 9"))
        #expect(try await ana.api.get("/api/memories").data.isEmpty, "it is not Ana's own")
        #expect(try await ana.api.get("/api/memories?shared=true").data.count == 1)
        let third = try await ana.join(as: "member", name: "Kim").api
        #expect(try await third.ask("mem", "forget office").content.contains("already"), "not Kim's to forget")
        #expect(try await joe.ask("mem", "forget office").content.contains("Forgotten"))
        let eve = try await TestServer.shared.api.register("Eve")
        #expect(try await eve.api.get("/api/memories?shared=true").data.isEmpty)
    }

    @Test func stateIsMerged() async throws {
        let ana = try await TestServer.shared.api.register()
        let path = "/api/agents/sales/state"
        let first = try await ana.api.patch(path, ["state": ["a": ["x": 1, "y": 2], "b": [1]]]).expect(200)
        #expect(first["version"] == 1)
        let second = try await ana.api.patch(path, ["state": ["a": ["x": nil, "z": 3], "b": [2]]]).expect(200)
        #expect(second["state"] == ["a": ["y": 2, "z": 3], "b": [2]] && second["version"] == 2)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<10 {
                let patch: JSONValue = ["state": .object(JSONObject([("n\(number)", .integer(1))]))]
                group.addTask { _ = try await ana.api.patch(path, patch).expect(200) }
            }
            try await group.waitForAll()
        }
        #expect(try await ana.api.get(path)["state"].objectValue?.count == 12, "no patch is lost")
        let big: JSONValue = ["state": ["x": .string(String(repeating: "x", count: 60_000))]]
        try await ana.api.patch(path, big).expect(200)
        try await ana.api.patch(path, ["state": ["y": .string(String(repeating: "y", count: 6_000))]]).expect(400)
        try await ana.api.delete(path).expect(204)
        #expect(try await ana.api.get(path)["version"] == 0)
    }
}
