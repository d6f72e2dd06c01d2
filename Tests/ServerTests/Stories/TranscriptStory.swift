import JSON
import TestSupport
import Testing

/// The README's third story: a program that keeps its own model's conversations here.
@Suite struct TranscriptStory {
    @Test func keepsConversations() async throws {
        let server = try await TestServer.shared
        let (me, other) = (try await server.api.register(), try await server.api.register())
        let id = try await me.api.post("/api/conversations", ["title": "First"]).expect(201).id
        try await me.api.put("/api/conversations/\(id)", ["title": "Renamed"]).expect(200)
        #expect(try await me.api.get("/api/conversations").data.first?["title"] == "Renamed")
        let path = "/api/conversations/\(id)/messages"
        let rich: JSONValue = [
            "content": "It is sunny", "role": "assistant", "agentName": "gpt", "reasoning": ["steps": [1, 2]],
            "functionCalls": [["name": "weather"]], "functionOutputs": [["output": "sun"]],
        ]
        let kept = try await me.api.post(path, rich).expect(201)
        #expect(kept["role"] == "agent" && kept["reasoning"] == ["steps": [1, 2]])
        #expect(kept["functionCalls"] == [["name": "weather"]])
        for number in 2...7 { try await me.api.post(path, ["content": .string("m\(number)")]).expect(201) }
        var seqs: [Int64] = []
        var cursor: String? = ""
        while let place = cursor {
            let page = try await me.api.get("\(path)?limit=3" + (place.isEmpty ? "&after=0" : "&cursor=\(place)"))
            seqs += try page.expect(200).data.compactMap { $0["seq"]?.integerValue }
            cursor = page["nextCursor"].stringValue
        }
        #expect(seqs == Array(1...7))
        let back = try await me.api.get("\(path)?before=3&limit=1").expect(200)
        #expect(back.data.compactMap { $0["seq"]?.integerValue } == [2])
        #expect(try await other.api.get("/api/conversations/\(id)").status == 404)
        #expect(try await other.api.get("/api/conversations").data.isEmpty)
        try await me.api.delete("/api/conversations/\(id)").expect(204)
        #expect(try await me.api.get(path).status == 404)
    }
}
