import JSON
import TestSupport
import Testing

/// Agents that a company defines for itself: what may be defined, and that every process knows at once.
@Suite struct OwnAgentTests {
    static let returns: JSONValue = [
        "name": "returns", "description": "Answers questions about returns.", "instructions": "Be brief.",
        "audience": "both", "tools": ["catalog_search"], "aliases": ["devoluciones"],
        "rules": [["keywords": ["broken", "roto"], "answer": "Send us a photo of it.", "handoff": true]],
        "faqs": [
            ["question": "How long may I return something?", "answer": "Within 30 days."],
            ["question": "Who pays for the shipping of a return?", "answer": "We do.", "language": "en"],
        ],
    ]

    @Test func isDefinedChangedAndDeleted() async throws {
        let ana = try await TestServer.shared.api.register()
        let made = try await ana.api.post("/api/agents", Self.returns).expect(201)
        #expect(made.headers["location"] == "/api/agents/returns" && made["kind"] == "company" && made["version"] == 1)
        #expect(made["faqs"].arrayValue?.count == 2 && made["rules"].arrayValue?.count == 1)
        let whole = try await ana.api.get("/api/agents/returns").expect(200)
        #expect(whole.json == made.json)
        let names = try await ana.api.get("/api/agents").expect(200).data.compactMap { $0["name"]?.stringValue }
        #expect(names == ["mail", "cal", "mem", "sales", "assistant", "returns"])
        let tag = try #require(whole.headers["etag"])
        let changed = try await ana.api.with(header: "If-Match", tag).patch(
            "/api/agents/returns", ["instructions": "Be kind.", "faqs": []]
        ).expect(200)
        #expect(changed["version"] == 2 && changed["faqs"] == [] && changed["description"] == made["description"])
        #expect(
            try await ana.api.with(header: "If-Match", tag).patch("/api/agents/returns", ["active": false]).status
                == 412)
        try await ana.api.delete("/api/agents/returns").expect(204)
        try await ana.api.get("/api/agents/returns").expect(404)
        try await ana.api.delete("/api/agents/returns").expect(404)
        #expect(try await ana.api.get("/api/agents").data.count == 5)
    }

    @Test func goesBackToAnEarlierVersion() async throws {
        let ana = try await TestServer.shared.api.register()
        try await ana.api.post("/api/agents", Self.returns).expect(201)
        try await ana.api.patch("/api/agents/returns", ["instructions": "Second.", "faqs": []]).expect(200)
        let versions = try await ana.api.get("/api/agents/returns/versions").expect(200).data
        #expect(versions.count == 1 && versions[0]["version"] == 1)
        #expect(versions[0]["agent"]?["instructions"] == "Be brief.")
        let back = try await ana.api.post("/api/agents/returns/rollback", ["version": 1]).expect(200)
        #expect(back["instructions"] == "Be brief." && back["version"] == 3 && back["faqs"].arrayValue?.count == 2)
        let missing = try await ana.api.post("/api/agents/returns/rollback", ["version": 9]).expect(400)
        #expect(missing["errors"].arrayValue?.first?["field"] == "version")
    }

    static let mistakes: [(JSONValue, String)] = [
        (["name": "sales"], "name"), (["name": "everyone"], "name"), (["name": "Big"], "name"),
        (["name": "-a"], "name"), (["name": "ab_c"], "name"), (["name": "x1", "aliases": ["mail"]], "aliases[0]"),
        (["name": "x1", "aliases": ["x1"]], "aliases"), (["name": "x1", "tools": ["no_such_tool"]], "tools[0]"),
        (["name": "x1", "audience": "both", "tools": ["catalog_get", "mem_search"]], "tools[1]"),
        (["name": "x1", "audience": "customer", "tools": ["mem_list"]], "tools[0]"),
        (["name": "x1", "tools": ["mem_list", "mem_list"]], "tools[1]"),
        (["name": "x1", "instructions": .string(String(repeating: "x", count: 8001))], "instructions"),
        (["name": "x1", "instructions": "a\u{7}b"], "instructions"), (["name": "x1", "temperature": 3], "temperature"),
        (["name": "x1", "rules": [["keywords": [], "answer": "x"]]], "rules[0].keywords"),
        (["name": "x1", "faqs": [["question": "  ", "answer": "x"]]], "faqs[0].question"),
        (["name": "x1", "faqs": [["question": "q", "answer": "x", "language": "fr"]]], "faqs[0].language"),
    ]

    @Test(arguments: mistakes.indices) func mistakesNameTheField(_ index: Int) async throws {
        let (body, field) = Self.mistakes[index]
        let ana = try await TestServer.shared.api.register()
        let answer = try await ana.api.post("/api/agents", body).expect(400)
        #expect(answer["errors"].arrayValue?.compactMap { $0["field"]?.stringValue }.contains(field) == true)
        #expect(try await ana.api.get("/api/agents").data.count == 5, "nothing is half made")
    }

    @Test func cannotGetPrivateToolsByAChange() async throws {
        let ana = try await TestServer.shared.api.register()
        try await ana.api.post("/api/agents", ["name": "helper", "tools": ["mem_search"]]).expect(201)
        let answer = try await ana.api.patch("/api/agents/helper", ["audience": "customer"]).expect(400)
        #expect(answer["errors"].arrayValue?.first?["field"] == "tools[0]")
        #expect(try await ana.api.get("/api/agents/helper")["audience"] == "internal")
    }

    @Test func aNameIsTakenOnceInACompany() async throws {
        let ana = try await TestServer.shared.api.register()
        try await ana.api.post("/api/agents", Self.returns).expect(201)
        let again = try await ana.api.post("/api/agents", ["name": "devoluciones"]).expect(409)
        #expect(again["errors"].arrayValue?.first?["field"] == "name")
        let alias = try await ana.api.post("/api/agents", ["name": "other", "aliases": ["returns"]]).expect(409)
        #expect(alias["errors"].arrayValue?.first?["field"] == "aliases")
        let eve = try await TestServer.shared.api.register("Eve")
        try await eve.api.post("/api/agents", Self.returns).expect(201)
    }

    @Test func thePlanLimitsThem() async throws {
        let ana = try await TestServer.shared.api.register()
        for name in ["one", "two"] { try await ana.api.post("/api/agents", ["name": .string(name)]).expect(201) }
        let third = try await ana.api.post("/api/agents", ["name": "three"]).expect(403)
        #expect(third.code == "quota_exceeded")
    }

    @Test func builtInOnesAreSwitchedOffAndNotDeleted() async throws {
        let ana = try await TestServer.shared.api.register()
        let refused = try await ana.api.delete("/api/agents/sales").expect(409)
        #expect(refused["detail"].stringValue?.contains("built in") == true)
        let field = try await ana.api.patch("/api/agents/sales", ["tools": []]).expect(400)
        #expect(field["errors"].arrayValue?.first?["field"] == "tools")
        let off = try await ana.api.patch("/api/agents/sales", ["active": false]).expect(200)
        #expect(off["enabled"] == false && off["version"] == 1)
        #expect(try await ana.api.post("/api/agents/sales/chat", ["content": "list"]).status == 404)
        let eve = try await TestServer.shared.api.register("Eve")
        #expect(try await eve.api.get("/api/agents/sales")["enabled"] == true, "of one company only")
        try await ana.api.patch("/api/agents/sales", ["active": true]).expect(200)
        #expect(try await ana.api.ask("sales", "list").skill == "list")
    }

    @Test func onlyThoseWhoMayDefineThem() async throws {
        let ana = try await TestServer.shared.api.register()
        try await ana.api.post("/api/agents", Self.returns).expect(201)
        let member = try await ana.join(as: "member").api
        try await member.get("/api/agents/returns").expect(200)
        try await member.post("/api/agents", ["name": "mine"]).expect(403)
        try await member.patch("/api/agents/returns", ["active": false]).expect(403)
        try await member.delete("/api/agents/returns").expect(403)
        try await ana.key("agents:read").patch("/api/agents/returns", ["active": false]).expect(403)
        try await ana.key("agents:write").patch("/api/agents/returns", ["active": false]).expect(200)
        try await ana.visitor().get("/api/agents/returns").expect(403)
    }

    @Test func anothersLooksLikeNone() async throws {
        let ana = try await TestServer.shared.api.register()
        let eve = try await TestServer.shared.api.register("Eve").api.with(header: "X-Request-Id", "same")
        try await ana.api.post("/api/agents", Self.returns).expect(201)
        for (method, suffix, body) in [
            ("GET", "", nil), ("PATCH", "", ["active": false]), ("DELETE", "", nil), ("GET", "/versions", nil),
            ("POST", "/rollback", ["version": 1]), ("GET", "/state", nil), ("POST", "/chat", ["content": "hi"]),
        ] as [(String, String, JSONValue?)] {
            let foreign = try await eve.send(method, "/api/agents/returns\(suffix)", body).expect(404)
            let absent = try await eve.send(method, "/api/agents/nothing\(suffix)", body).expect(404)
            #expect(foreign.bytes == absent.bytes, "\(method) \(suffix)")
        }
    }

    @Test func everyProcessKnowsAtOnce() async throws {
        let ana = try await TestServer.shared.api.register()
        let second = try await TestServer.second.api.with(token: ana.api.token)
        func names(_ api: API) async throws -> [String] {
            try await api.get("/api/agents").data.compactMap { $0["name"]?.stringValue }
        }
        // Warms the caches of both processes, so that an old list could be shown.
        for api in [ana.api, second, ana.api, second] { #expect(try await names(api).count == 5) }
        try await ana.api.post("/api/agents", ["name": "fresh", "aliases": ["neu"]]).expect(201)
        #expect(try await names(second).contains("fresh"))
        let parsed = try await second.post("/api/routing/parse", ["content": "@neu hello"])
        #expect(parsed["agents"].arrayValue?.first?["name"] == "fresh")
        #expect(try await second.ask("fresh", "help").skill == "help")
        try await second.patch("/api/agents/fresh", ["active": false]).expect(200)
        #expect(try await ana.api.post("/api/agents/fresh/chat", ["content": "help"]).status == 404)
        try await second.delete("/api/agents/fresh").expect(204)
        #expect(try await names(ana.api).count == 5)
    }
}
