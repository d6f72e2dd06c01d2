import Doubles
import Foundation
import JSON
import TestSupport
import Testing

/// Who asks too much of agents is told so once, and costs nothing.
@Suite(.timeLimit(.minutes(3))) struct TurnLimitTests {
    @Test(
        "Beyond a customer's turns of an hour: one notice, then turns end without a word; people are not limited by it")
    func customers() async throws {
        try await TestServer.with(["TURNS_PER_CUSTOMER_HOUR": "3"]) { server in
            let shop = try await ModelServer.Shop(server)
            for number in 1...3 {
                let replies = try await shop.ask("what is the price of plan \(number)?")
                #expect(replies.map { $0["role"] } == ["agent"])
            }
            let told = try await shop.ask("and of plan 4?")
            #expect(told.map { $0["role"] } == ["system"] && told[0].content.contains("a lot for one hour"))
            let silent = try await shop.ask("and of plan 5?")
            #expect(silent.isEmpty)
            try await eventually("it is on record") {
                try await shop.owner.api.get("/api/agent-logs").data.count == 5
            }
            let logs = try await shop.owner.api.get("/api/agent-logs").expect(200).data
            #expect(logs.map { $0["state"] } == ["cancelled", "replied", "replied", "replied", "replied"])
            #expect(logs[0]["error"]?.stringValue?.contains("limit") == true)
            let turn = try await shop.owner.api.get("/api/turns/\(logs[0]["id"]?.stringValue ?? "")").expect(200)
            #expect(turn["state"] == "cancelled")
            // The next customer is another matter, and so is a member.
            let other = try await shop.owner.visitor()
            let id = try #require(try await other.get("/api/conversations").data.first?["id"]?.stringValue)
            let theirs = try await other.say("what is the price of the plan?", in: id)
            let members = try await shop.owner.api.ask("sales", "price of the plan")
            #expect(theirs.map { $0["role"] } == ["agent"] && members["role"] == "agent")
        }
    }

    @Test("A company sets its own figures")
    func companies() async throws {
        let shop = try await ModelServer.Shop(try await TestServer.shared)
        let path = "/api/companies/\(shop.owner.companyId)"
        for wrong in [["customer": 0], ["member": "many"]] as [JSONValue] {
            let answer = try await shop.owner.api.patch(path, ["settings": ["turnsPerHour": wrong]])
            let field = wrong["customer"] == nil ? "member" : "customer"
            #expect(answer.status == 400)
            #expect(answer["errors"].arrayValue?.first?["field"] == .string("settings.turnsPerHour.\(field)"))
        }
        try await shop.owner.api.patch(path, ["settings": ["turnsPerHour": ["customer": 1, "member": 2]]]).expect(200)
        let first = try await shop.ask("what is the price?")
        let second = try await shop.ask("what is the price of it?")
        #expect((first + second).map { $0["role"] } == ["agent", "system"])
        let members = [
            try await shop.owner.api.ask("mem", "list"), try await shop.owner.api.ask("mem", "list all"),
            try await shop.owner.api.ask("mem", "list more"),
        ]
        #expect(members.map { $0["role"] } == ["agent", "agent", "system"])
    }

    @Test("Beyond a customer's turns with a model the rules answer, for the others the model goes on")
    func modelTurns() async throws {
        let llm = FakeLLM(.init(.any, .reply("As you like.", .init()), times: 3))
        try await ModelServer.with(llm, ["MODEL_TURNS_PER_CUSTOMER_HOUR": "2"]) { shop in
            var modes: [JSONValue?] = []
            for number in 1...4 {
                _ = try await shop.ask("tell me story number \(number)")
                modes.append(try await shop.lastMode())
            }
            #expect(modes == ["llm", "llm", "deterministic", "deterministic"])
            let other = try await shop.owner.visitor()
            let id = try #require(try await other.get("/api/conversations").data.first?["id"]?.stringValue)
            #expect(try await other.say("tell me a story", in: id).map { $0["content"] } == ["As you like."])
        }
        try llm.assertConsumed()
    }

    @Test("The same text again and again is answered by rules, not by a model")
    func same() async throws {
        let llm = FakeLLM(.init(.any, .reply("Once upon a time.", .init()), times: 4))
        try await ModelServer.with(llm) { shop in
            var modes: [JSONValue?] = []
            for _ in 0..<4 {
                _ = try await shop.ask("tell me a story")
                modes.append(try await shop.lastMode())
            }
            #expect(modes == ["llm", "llm", "llm", "deterministic"])
            _ = try await shop.ask("tell me another story")
            let other = try await shop.lastMode()
            #expect(other == "llm")
        }
        try llm.assertConsumed()
    }
}
