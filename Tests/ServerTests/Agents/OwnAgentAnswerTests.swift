import JSON
import TestSupport
import Testing

/// A company's own agent answers without a model, in English and Spanish.
@Suite struct OwnAgentAnswerTests {
    private func shop() async throws -> Tenant {
        let ana = try await TestServer.shared.api.register()
        try await ana.api.post("/api/agents", OwnAgentTests.returns).expect(201)
        let spanish: JSONValue = [
            "name": "ayudante", "audience": "customer",
            "faqs": [
                ["question": "¿Cuál es el horario de la tienda?", "answer": "De lunes a viernes, de 9 a 18."],
                ["question": "¿Dónde está la tienda?", "answer": "En la calle Mayor 1."],
            ],
        ]
        try await ana.api.post("/api/agents", spanish).expect(201)
        return ana
    }

    static let lines: [(agent: String, text: String, skill: String, part: String)] = [
        ("returns", "how long can I return it?", "faq", "30 days"),
        ("returns", "Who pays the shipping of returns", "faq", "We do."),
        ("returns", "my parcel is broken", "rule", "photo"),
        ("returns", "llegó roto", "rule", "photo"),
        ("returns", "help", "help", "returns"),
        ("returns", "", "help", "returns"),
        ("returns", "I want to talk to a human", "handoff", "person"),
        ("returns", "thanks!", "thanks", "welcome"),
        ("returns", "what is the meaning of life", "unknown", "human"),
        ("ayudante", "¿qué horario tienen?", "faq", "9 a 18"),
        ("ayudante", "donde esta la tienda", "faq", "Mayor"),
        ("ayudante", "ayuda", "help", "humano"),
        ("ayudante", "quiero hablar con una persona", "handoff", "persona"),
        ("ayudante", "hola", "greeting", "Hola"),
    ]

    @Test func everySkillAnswers() async throws {
        let ana = try await shop()
        for line in Self.lines {
            let text = line.text.isEmpty ? "@\(line.agent)" : line.text
            let reply = try await ana.api.ask(line.agent, text)
            #expect(reply.skill == line.skill, "\(text): \(reply.content)")
            #expect(reply.content.localizedCaseInsensitiveContains(line.part), "\(text): \(reply.content)")
            #expect(reply["metadata"]?["mode"] == "deterministic" && reply["agentName"] == .string(line.agent))
        }
    }

    @Test func asksWhichQuestionIsMeant() async throws {
        let ana = try await shop()
        let asked = try await ana.api.ask("ayudante", "tienda")
        #expect(asked.skill == "choice" && asked.content.contains("1. ") && asked.content.contains("2. "))
        let chosen = try await ana.api.ask("ayudante", "2")
        #expect(chosen.skill == "faq")
        #expect(asked.content.contains("2. ¿Dónde") == chosen.content.contains("Mayor"))
    }

    @Test func theSecondMissCallsAPersonForCustomers() async throws {
        let ana = try await shop()
        let visitor = try await ana.visitor()
        let conversation = try #require(try await visitor.get("/api/conversations").data.first?["id"]?.stringValue)
        _ = try await visitor.say("@returns asdf qwer", in: conversation)
        _ = try await visitor.say("@returns zxcv uiop", in: conversation)
        // How an answer came about is for the company to see.
        let messages = try await ana.api.get("/api/conversations/\(conversation)/messages").data
        let replies = messages.filter { $0["role"] == "agent" }
        #expect(replies.map { $0["metadata"]?["skill"]?.stringValue } == ["unknown", "handoff"])
        #expect(replies.last?["metadata"]?["handoff"] == true)
    }

    @Test func customersReachThoseThatServeThemOnly() async throws {
        let ana = try await TestServer.shared.api.register()
        try await ana.api.post("/api/agents", ["name": "secret", "audience": "internal"]).expect(201)
        try await ana.api.post("/api/agents", ["name": "open", "audience": "both"]).expect(201)
        let visitor = try await ana.visitor()
        let parsed = try await visitor.post("/api/routing/parse", ["content": "@secret hi @open hi"])
        #expect(parsed["agents"].arrayValue?.map { $0["name"] } == ["open"] && parsed["unknown"] == [])
        let config = try await TestServer.shared.api.get("/api/widget/config?key=\(ana.widgetKey)").expect(200)
        let names = config["agents"].arrayValue?.compactMap { $0["name"]?.stringValue } ?? []
        #expect(names.contains("open") && !names.contains("secret"))
    }

    @Test func theCompanysQuestionsAreKnownToAll() async throws {
        let ana = try await TestServer.shared.api.register()
        try await ana.api.post("/api/agents", ["name": "guide"]).expect(201)
        let faqs: JSONValue = ["faqs": [["question": "Do you offer gift cards?", "answer": "Yes, from 10 EUR."]]]
        #expect(try await ana.api.put("/api/faqs", faqs).expect(200).data.count == 1)
        #expect(try await ana.api.get("/api/faqs").data.first?["answer"] == "Yes, from 10 EUR.")
        #expect(try await ana.api.ask("guide", "gift card?").content == "Yes, from 10 EUR.")
        let eve = try await TestServer.shared.api.register("Eve")
        #expect(try await eve.api.get("/api/faqs").data.isEmpty)
        try await ana.join(as: "member").api.put("/api/faqs", faqs).expect(403)
    }
}
