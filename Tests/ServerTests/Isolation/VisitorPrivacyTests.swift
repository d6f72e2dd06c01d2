import Foundation
import JSON
import TestSupport
import Testing

/// What a visitor may change of its conversation, and what of it stays the company's.
@Suite struct VisitorPrivacyTests {
    @Test func aVisitorDoesNotCloseOrReopen() async throws {
        let ana = try await TestServer.shared.api.register()
        let visitor = try await ana.visitor()
        let id = try await visitor.post("/api/conversations").expect(201).id
        let path = "/api/conversations/\(id)"
        for status in ["archived", "active"] {
            let answer = try await visitor.patch(path, ["status": .string(status), "title": "Changed"])
            #expect(answer.status == 400)
            #expect(answer["errors"].arrayValue?.first?["field"] == "status")
            #expect(try await visitor.put(path, ["status": .string(status)]).status == 400)
        }
        // Nothing of a refused change was made.
        let after = try await ana.api.get(path).expect(200)
        #expect(after["status"] == "active" && after["title"].isNull)
        try await ana.api.patch(path, ["status": "archived"]).expect(200)
        try await visitor.patch(path, ["title": "Mine"]).expect(200)
        #expect(try await ana.api.get(path)["status"] == "archived")
    }

    @Test func eachSideHasItsOwnMetadata() async throws {
        let ana = try await TestServer.shared.api.register()
        let visitor = try await ana.visitor()
        let key = try await ana.key("conversations:read", "conversations:write")
        let made = try await visitor.post("/api/conversations", ["metadata": ["page": "/shop", "status": "x"]]).expect(
            201)
        let path = "/api/conversations/\(made.id)"
        #expect(made["metadata"]["page"] == "/shop" && made["metadata"]["status"] == "active")
        try await key.patch(path, ["metadata": ["score": 3, "page": "ours"]]).expect(200)
        for answer in [try await visitor.get(path), try await visitor.patch(path, ["title": "Mine"])] {
            #expect(answer["metadata"]["page"] == "/shop")
            #expect(answer["metadata"]["score"] == nil)
        }
        let listed = try #require(
            await visitor.get("/api/conversations").data.first { $0["id"]?.stringValue == made.id })
        #expect(listed["metadata"]?["score"] == nil && listed["metadata"]?["page"] == "/shop")
        // The visitor's change neither removes nor shows the company's keys.
        try await visitor.patch(path, ["metadata": ["lang": "es"]]).expect(200)
        let ours = try await ana.api.get(path).expect(200)
        #expect(
            ours["metadata"]["score"] == 3 && ours["metadata"]["page"] == "ours" && ours["metadata"]["lang"] == "es")
        try await ana.api.patch(path, ["metadata": [:]]).expect(200)
        let theirs = try await visitor.get(path).expect(200)
        #expect(theirs["metadata"]["lang"] == "es" && theirs["metadata"]["page"] == nil)
    }

    @Test func theCompanysSideOfThingsIsNotShown() async throws {
        let ana = try await TestServer.shared.api.register()
        let visitor = try await ana.visitor()
        let made = try await visitor.post("/api/conversations").expect(201)
        let path = "/api/conversations/\(made.id)"
        let customer = try #require(made["customerId"].stringValue)
        try await ana.api.patch("/api/customers/\(customer)", ["metadata": ["note": "secret"]]).expect(200)
        try await ana.api.patch(path, ["assignee": .string(ana.userId), "metadata": ["note": "secret"]]).expect(200)
        let message: JSONValue = [
            "content": "Hello", "role": "agent", "agentName": "sales", "reasoning": "secret",
            "functionCalls": ["secret"], "functionOutputs": ["secret"], "metadata": ["note": "secret"],
        ]
        let sent = try await ana.api.post("\(path)/messages", message).expect(201)
        let seen = [
            try await visitor.get(path).expect(200), try await visitor.get("/api/conversations").expect(200),
            try await visitor.get("\(path)/messages").expect(200),
            try await visitor.get("\(path)/messages/\(sent.id)").expect(200),
        ]
        for answer in seen {
            let text = String(decoding: answer.bytes, as: UTF8.self)
            #expect(!text.contains("secret") && !text.contains(ana.userId), "\(text)")
        }
        #expect(seen[2].data.first?["content"] == "Hello" && seen[2].data.first?["agentName"] == "sales")
        // The company sees it all.
        #expect(try await ana.api.get("\(path)/messages/\(sent.id)")["reasoning"] == "secret")
        let detail = try await ana.api.get(path)
        #expect(detail["assignee"].stringValue == ana.userId && detail["customer"]["metadata"]?["note"] == "secret")
    }

    @Test func aVisitorSpeaksForNoAgent() async throws {
        let ana = try await TestServer.shared.api.register()
        let visitor = try await ana.visitor()
        let id = try await visitor.post("/api/conversations").expect(201).id
        let message: JSONValue = [
            "content": "Hi", "agentName": "sales", "reasoning": "x", "functionCalls": [1], "functionOutputs": [2],
            "clientMessageId": "c-1",
        ]
        let sent = try await visitor.post("/api/conversations/\(id)/messages", message).expect(201)
        #expect(sent["clientMessageId"] == "c-1")
        let stored = try await ana.api.get("/api/conversations/\(id)/messages/\(sent.id)").expect(200)
        for field in ["agentName", "reasoning", "functionCalls", "functionOutputs"] { #expect(stored[field].isNull) }
    }

    @Test func aWidgetSessionShowsNoNotesAboutTheCustomer() async throws {
        let ana = try await TestServer.shared.api.register()
        let body: JSONValue = ["key": .string(ana.widgetKey), "visitorId": "browser-9"]
        let api = ana.api.with(token: nil)
        let first = try await api.post("/api/widget/sessions", body).expect(201)
        let customer = try #require(first["customer"]["id"]?.stringValue)
        try await ana.api.patch("/api/customers/\(customer)", ["metadata": ["note": "secret"]]).expect(200)
        let conversation = try #require(first["conversation"]["id"]?.stringValue)
        try await ana.api.patch("/api/conversations/\(conversation)", ["metadata": ["note": "secret"]]).expect(200)
        let again = try await api.post("/api/widget/sessions", body).expect(201)
        #expect(again["conversation"]["id"]?.stringValue == conversation)
        #expect(!String(decoding: again.bytes, as: UTF8.self).contains("secret"))
    }

    @Test func aMembersNameIsShownAndNothingElseOfThem() async throws {
        let ana = try await TestServer.shared.api.register()
        let visitor = try await ana.visitor()
        let path = "/api/conversations/\(try await visitor.post("/api/conversations").expect(201).id)"
        let cases: [(role: String, author: JSONValue, seen: JSONValue)] = [
            ("user", "Ana Alba", ["authorName": "Ana Alba"]), ("user", "ana@example.com", [:]),
            ("user", .string(ana.userId), [:]), ("user", ["Ana"], [:]), ("user", "42", [:]),
            ("user", .string(String(repeating: "A", count: 101)), [:]), ("agent", "Ana Alba", [:]),
        ]
        for (role, author, _) in cases {
            let message: JSONValue = [
                "content": "Hello", "role": .string(role), "metadata": ["authorName": author, "note": "secret"],
            ]
            try await ana.api.post("\(path)/messages", message).expect(201)
        }
        let messages = try await visitor.get("\(path)/messages").expect(200)
        #expect(messages.data.map { $0["metadata"] } == cases.map(\.seen))
        // Writing to the customer took control: the visitor learns that a person has it, and not who.
        let conversation = try await visitor.get(path).expect(200)
        #expect(conversation["control"]["holder"] == "person")
        #expect(try await ana.api.get(path)["control"]["holder"]?.stringValue == ana.userId)
        for answer in [messages, conversation, try await visitor.get("/api/conversations").expect(200)] {
            let text = String(decoding: answer.bytes, as: UTF8.self)
            #expect(!text.contains("secret") && !text.contains(ana.userId), "\(text)")
        }
    }
}
