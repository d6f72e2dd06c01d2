import Foundation
import JSON
import TestSupport
import Testing

/// Thumbs up and down for agents' answers.
@Suite struct FeedbackTests {
    @Test func theLastWordOfEachCountsAndGoesWithTheAnswer() async throws {
        let ana = try await TestServer.shared.api.register()
        let visitor = try await ana.visitor()
        let id = try #require(try await visitor.get("/api/conversations").data.first?["id"]?.stringValue)
        let reply = try #require(try await visitor.say("what do you sell?", in: id).first)
        let answer = try #require(reply["id"]?.stringValue)
        let path = "/api/conversations/\(id)/messages/\(answer)/feedback"
        for (score, note) in [(1, "thanks"), (-1, "not what I meant")] as [(Int64, String)] {
            let said = try await visitor.put(path, ["score": .integer(score), "note": .string(note)]).expect(200)
            #expect(said["score"] == .integer(score) && said["author"] == "customer" && said["agent"] == "sales")
        }
        try await ana.api.put(path, ["score": 1]).expect(200)
        let all = try await ana.api.get("/api/agent-feedback").expect(200).data
        #expect(all.map { $0["author"] } == ["member", "customer"] && all.last?["note"] == "not what I meant")
        #expect(try await ana.api.get("/api/agent-feedback?helped=false&agent=sales").expect(200).data.count == 1)
        try await visitor.get("/api/agent-feedback").expect(403)
        try await ana.api.delete("/api/conversations/\(id)/messages/\(answer)").expect(204)
        #expect(try await ana.api.get("/api/agent-feedback").expect(200).data.isEmpty)
    }

    @Test func onlyAnAgentsAnswerIsJudgedByWhoSeesIt() async throws {
        let ana = try await TestServer.shared.api.register()
        let id = try await Resources.make("conversations", of: ana)
        let message = try await Resources.message(in: id, of: ana)
        let path = "/api/conversations/\(id)/messages/\(message)/feedback"
        try await ana.api.put(path, ["score": 1]).expect(409)
        for body in [["score": 0], ["score": 2], [:], ["score": "good"]] as [JSONValue] {
            let refused = try await ana.api.put(path, body).expect(400)
            #expect(refused["errors"].arrayValue?.first?["field"] == "score")
        }
        let eve = try await TestServer.shared.api.register("Eve")
        try await eve.api.put(path, ["score": 1]).expect(404)
        #expect(try await eve.api.get("/api/agent-feedback").expect(200).data.isEmpty)
    }
}
