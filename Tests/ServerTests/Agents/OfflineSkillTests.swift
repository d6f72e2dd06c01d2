import Foundation
import JSON
import TestSupport
import Testing

/// Every skill of `@mem`, `@sales` and `@assistant` answers without a model, in English and Spanish.
@Suite struct OfflineSkillTests {
    struct Line: Sendable, CustomStringConvertible {
        var agent: String
        var text: String
        var skill: String
        var part: String

        init(_ agent: String, _ text: String, _ skill: String, _ part: String) {
            self.agent = agent
            self.text = text
            self.skill = skill
            self.part = part
        }

        var description: String { "@\(agent) \(text)" }
    }

    static let dialogues: [[Line]] = [
        [
            Line("mem", "remember my gate code is 4411", "remember", "Saved"),
            Line("mem", "my wifi is blue-cat", "fact", "Saved"), Line("mem", "parking = level 2", "fact", "Saved"),
            Line("mem", "?gate", "recall", "4411"), Line("mem", "what do you know about wifi", "recall", "blue-cat"),
            Line("mem", "recall parking", "recall", "level 2"), Line("mem", "list", "list", "1. "),
            Line("mem", "list gate", "list", "4411"), Line("mem", "export", "export", "blue-cat"),
            Line("mem", "my wifi is red-dog", "fact", "before: my wifi is blue-cat"),
            Line("mem", "share the office opens at 9", "share", "yes or no"), Line("mem", "yes", "share", "everyone"),
            Line("mem", "forget gate", "forget", "Forgotten"), Line("mem", "?gate", "recall", "don't remember"),
            Line("mem", "help", "help", "remember"),
        ],
        [
            Line("mem", "recuerda que mi código es 4411", "remember", "Guardado"),
            Line("mem", "mi wifi es gato-azul", "fact", "Guardado"),
            Line("mem", "¿qué sabes de código?", "recall", "4411"),
            Line("mem", "lista", "list", "1. "), Line("mem", "exporta", "export", "gato-azul"),
            Line("mem", "comparte la oficina abre a las 9", "share", "sí o no"),
            Line("mem", "sí", "share", "toda la empresa"),
            Line("mem", "olvida código", "forget", "Olvidado"), Line("mem", "ayuda", "help", "recuerda"),
        ],
        [
            Line("sales", "how much is the 12 week plan?", "price", "89"),
            Line("sales", "do you have the water bottle", "availability", "3 in stock"),
            Line("sales", "tell me about the water bottle", "details", "steel"),
            Line("sales", "do you have the yoga mat", "availability", "sold out"),
            Line("sales", "list", "list", "1. "), Line("sales", "compare water bottle and yoga mat", "compare", "•"),
            Line("sales", "what are your opening hours?", "hours", "9 to 18"),
            Line("sales", "how do you ship?", "shipping", "two days"),
            Line("sales", "can I pay by card", "payment", "card"),
            Line("sales", "do you sell gift vouchers?", "faq", "from 10"),
            Line("sales", "I want to buy the 12 week plan", "order", "How many"),
            Line("sales", "3", "order", "267"), Line("sales", "buy 2 water bottle", "order", "2 × Water bottle"),
            Line("sales", "thanks", "thanks", "welcome"), Line("sales", "hello", "greeting", "Hello"),
            Line("sales", "do you have kayaks", "unknown", "1. "),
            Line("sales", "I want to talk to a human", "handoff", "person"),
            Line("sales", "help", "help", "how much"),
        ],
        [
            Line("sales", "¿cuánto cuesta el 12 week plan?", "price", "89"),
            Line("sales", "¿tienen water bottle?", "availability", "quedan 3"),
            Line("sales", "háblame de water bottle", "details", "steel"), Line("sales", "qué venden", "list", "1. "),
            Line("sales", "¿qué horario tienen?", "hours", "9 to 18"),
            Line("sales", "¿hacen envíos?", "shipping", "two days"),
            Line("sales", "quiero comprar water bottle", "order", "Cuántas"), Line("sales", "dos", "order", "pedido"),
            Line("sales", "gracias", "thanks", "De nada"), Line("sales", "hola", "greeting", "Hola"),
            Line("sales", "quiero hablar con una persona", "handoff", "persona"),
        ],
        [
            Line("assistant", "what can you do", "help", "@mem"),
            Line("assistant", "remember my flight", "suggest", "@mem"),
            Line("assistant", "qué puedes hacer", "help", "@sales"),
            Line("assistant", "do we sell gift vouchers?", "faq", "from 10"),
            Line("assistant", "quiero ver el precio del plan", "suggest", "@sales"),
        ],
    ]

    private func shop() async throws -> Tenant {
        let ana = try await TestServer.shared.api.register()
        for product in [
            ["name": "12 week plan", "priceCents": 8900, "currency": "EUR"],
            [
                "name": "Water bottle", "priceCents": 1500, "currency": "EUR", "description": "Half a litre, of steel.",
                "metadata": ["stock": 3],
            ],
            ["name": "Yoga mat", "priceCents": 2500, "currency": "EUR", "metadata": ["stock": 0]],
        ] as [JSONValue] { try await ana.api.post("/api/products", product).expect(201) }
        let info: JSONValue = [
            "hours": "Monday to Friday, 9 to 18.", "shipping": "We ship within two days.",
            "payment": "By card or transfer.",
        ]
        try await ana.api.patch("/api/companies/\(ana.companyId)", ["settings": ["info": info]]).expect(200)
        let faqs: JSONValue = [["question": "Do you sell gift vouchers?", "answer": "Yes, from 10 EUR."]]
        try await ana.api.put("/api/faqs", ["faqs": faqs]).expect(200)
        return ana
    }

    @Test(arguments: dialogues.indices) func everySkillAnswers(_ index: Int) async throws {
        let ana = try await shop()
        for line in Self.dialogues[index] {
            let reply = try await ana.api.ask(line.agent, line.text)
            #expect(reply.skill == line.skill, "\(line): \(reply.content)")
            #expect(reply.content.localizedCaseInsensitiveContains(line.part), "\(line): \(reply.content)")
            #expect(reply["metadata"]?["mode"] == "deterministic")
        }
    }

    @Test func aVisitorsOrderIsDraftedAndConfirmed() async throws {
        let ana = try await shop()
        let visitor = try await ana.visitor()
        let conversation = try #require(try await visitor.get("/api/conversations").data.first?["id"]?.stringValue)
        var said: [String] = []
        for text in ["I want to buy 2 water bottle", "my name is Cleo", "not yet", "cleo@example.com"] {
            said.append(try await visitor.say(text, in: conversation).first?.content ?? "")
        }
        #expect(said[0].contains("name") && said[1].contains("e-mail") && said[2].contains("e-mail"))
        #expect(said[3].contains("2 × Water bottle") && said[3].contains("30"))
        let order = try #require(try await ana.api.get("/api/leads?kind=order&status=new").expect(200).data.first)
        #expect(order["name"] == "Cleo" && order["contact"] == "cleo@example.com")
        let id = order["id"]?.stringValue ?? ""
        try await visitor.get("/api/leads").expect(403)
        #expect(try await ana.api.get("/api/sales").data.isEmpty, "a draft sells nothing")
        try await ana.api.patch("/api/leads/\(id)", ["status": "confirmed"]).expect(200)
        try await ana.api.patch("/api/leads/\(id)", ["status": "confirmed"]).expect(200)
        try await ana.api.patch("/api/leads/\(id)", ["status": "dismissed"]).expect(409)
        let sales = try await ana.api.get("/api/sales").data
        #expect(sales.count == 1 && sales[0]["amountCents"] == 3000 && sales[0]["status"] == "pending")
    }

    @Test func theCompanysVoiceIsHeard() async throws {
        let ana = try await shop()
        let personality = """
            Formal. Speak English only. Sign off with "Yours, the Lyrox team". Never say "Certainly".
            """
        try await ana.api.patch("/api/companies/\(ana.companyId)", ["brandPersonality": .string(personality)]).expect(
            200)
        let voice = try await ana.api.get("/api/brand-voice").expect(200)
        #expect(voice["tone"] == "formal" && voice["forbiddenWords"] == ["Certainly"] && voice["languages"] == ["en"])
        let reply = try await ana.api.ask("sales", "¿cuánto cuesta el 12 week plan?").content
        #expect(reply.hasSuffix("Yours, the Lyrox team") && !reply.contains("Certainly") && reply.contains("costs"))
    }
}
