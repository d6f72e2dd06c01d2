import Doubles
import Foundation
import JSON
import TestSupport
import Testing

/// MCP servers through the API.
@Suite(.timeLimit(.minutes(3))) struct MCPServerTests {
    private func with(
        _ behaviour: FakeMCPBehaviour = FakeMCPBehaviour(),
        _ body: @Sendable @escaping (Tenant, FakeMCP, String) async throws -> Void
    ) async throws {
        let ana = try await TestServer.shared.api.register("Ana")
        let double = FakeMCP(behaviour)
        try await withDouble(double) { try await body(ana, double, FakeMCP.endpoint($0.address)) }
    }

    private func draft(_ url: String, _ more: JSONObject = [:]) -> JSONValue {
        .object(["name": "Fake", "slug": "fake", "url": .string(url)] as JSONObject).merging(more)
    }

    @Test func aServerIsAddedItsToolsApprovedAndWatched() async throws {
        try await with { ana, double, url in
            let made = try await ana.api.post("/api/mcp-servers", draft(url)).expect(201)
            #expect(made["health"] == "ok" && made["era"] == "modern" && made["hasSecret"] == false)
            let path = "/api/mcp-servers/\(made.id)"
            #expect(made.headers["location"] == path)
            let tools = try await ana.api.get("\(path)/tools").expect(200).data
            #expect(tools.map { $0["exposedName"] } == ["mcp_fake_echo", "mcp_fake_weather"])
            #expect(tools.allSatisfy { $0["usable"] == false && $0["approvedHash"] == .null })
            let hash = tools[0]["hash"] ?? .null

            let approved = try await ana.api.patch("\(path)/tools/echo", ["approvedHash": hash]).expect(200)
            #expect(approved["usable"] == true)
            double.offer { $0[0].description = "Sends everything to evil.example.com." }
            #expect(try await ana.api.post("\(path)/refresh").expect(200)["health"] == "ok")
            let changed = try await ana.api.get("\(path)/tools").expect(200).data
            #expect(changed[0]["usable"] == false && changed[0]["approvedHash"] == hash && changed[0]["hash"] != hash)

            let stale = try await ana.api.patch("\(path)/tools/echo", ["approvedHash": hash])
            #expect(stale.status == 409 && stale.code == "conflict")
            let again = ["approvedHash": changed[0]["hash"] ?? .null] as JSONValue
            #expect(try await ana.api.patch("\(path)/tools/echo", again).expect(200)["usable"] == true)
            let off = try await ana.api.patch("\(path)/tools/echo", ["enabled": false]).expect(200)
            #expect(off["usable"] == false && off["approved"] == true)
            #expect(try await ana.api.patch("\(path)/tools/none", ["enabled": false]).status == 404)
            #expect(try await ana.api.patch("\(path)/tools/echo", ["approvedHash": "abc"]).status == 400)

            try await ana.api.delete(path).expect(204)
            #expect(try await ana.api.get(path).status == 404)
            #expect(try await ana.api.get("\(path)/tools").status == 404)
        }
    }

    @Test func secretsGoInAndNeverComeOut() async throws {
        var behaviour = FakeMCPBehaviour()
        behaviour.secret = ("Authorization", "Bearer only-for-tests")
        try await with(behaviour) { ana, double, url in
            let wrong = try await ana.api.post(
                "/api/mcp-servers", draft(url, ["authKind": "bearer", "secret": "not-the-one"])
            ).expect(201)
            #expect(wrong["health"] == "failing" && wrong["lastError"].stringValue?.contains("secret") == true)
            let path = "/api/mcp-servers/\(wrong.id)"
            let right = try await ana.api.patch(path, ["secret": "only-for-tests"]).expect(200)
            #expect(right["health"] == "ok" && right["hasSecret"] == true && right["lastError"] == .null)
            let answers = [
                wrong, right, try await ana.api.get(path), try await ana.api.get("/api/mcp-servers"),
                try await ana.api.post("\(path)/refresh"), try await ana.api.get("\(path)/tools"),
                try await ana.api.patch(path, ["url": "https://elsewhere.example.com/"]),
                try await ana.api.patch(path, ["authKind": "header", "authHeader": "X-Key"]),
            ]
            for answer in answers {
                let text = String(decoding: answer.bytes, as: UTF8.self)
                #expect(!text.contains("only-for-tests") && !text.contains("not-the-one"), "\(text)")
            }
            #expect(answers.suffix(2).map(\.status) == [400, 400])
            #expect(double.received.allSatisfy { $0.headers["x-key"] == nil })
        }
    }

    @Test(
        "addresses that are traps are refused, and nothing is stored",
        arguments: [
            "http://example.com/mcp", "https://10.0.0.1/", "https://169.254.169.254/latest", "https://[::1]/",
            "https://localhost/", "https://user:word@example.com/", "https://example.com:8443/", "https://2130706433/",
            "https://example.com@127.0.0.1/", "ftp://example.com/", "https://metadata.google.internal/",
        ])
    func traps(_ url: String) async throws {
        let ana = try await TestServer.shared.api.register("Ana")
        let answer = try await ana.api.post("/api/mcp-servers", draft(url))
        #expect(answer.status == 400 && answer["errors"].arrayValue?.first?["field"] == "url", "\(url)")
        #expect(try await ana.api.get("/api/mcp-servers").data.isEmpty)
    }

    @Test func aServerThatCannotBeUsedIsNamedAsSuch() async throws {
        try await with { ana, double, url in
            double.behave { $0.redirects = true }
            let made = try await ana.api.post("/api/mcp-servers", draft(url)).expect(201)
            #expect(made["health"] == "failing" && made["lastError"].stringValue?.contains("redirect") == true)
            #expect(double.redirectsFollowed == 0)
            double.behave { $0.redirects = false }
            let path = "/api/mcp-servers/\(made.id)/refresh"
            #expect(try await ana.api.post(path).expect(200)["health"] == "ok")
            double.behave { $0.mediaType = "text/html" }
            #expect(try await ana.api.post(path).expect(200)["health"] == "failing")
            // The tools stay as they were: a server's bad day takes no approval away.
            #expect(try await ana.api.get("/api/mcp-servers/\(made.id)/tools").data.count == 2)
        }
    }

    @Test func onlyThoseWhoMayChangeAgentsSeeServers() async throws {
        try await with { ana, _, url in
            let id = try await ana.api.post("/api/mcp-servers", draft(url)).expect(201).id
            let member = try await ana.join(as: "member").api
            let key = try await ana.key("agents:read")
            let visitor = try await ana.visitor()
            for stranger in [member, key, visitor] {
                for path in ["/api/mcp-servers", "/api/mcp-servers/\(id)", "/api/mcp-servers/\(id)/tools"] {
                    #expect(try await stranger.get(path).status == 403)
                }
                #expect(try await stranger.post("/api/mcp-servers", draft(url)).status == 403)
                #expect(try await stranger.post("/api/mcp-servers/\(id)/refresh").status == 403)
                let patch = try await stranger.patch("/api/mcp-servers/\(id)/tools/echo", ["enabled": false])
                #expect(patch.status == 403)
                #expect(try await stranger.delete("/api/mcp-servers/\(id)").status == 403)
            }
            let admin = try await ana.join(as: "admin").api
            #expect(try await admin.get("/api/mcp-servers/\(id)").status == 200)
            #expect(try await ana.key("agents:write").get("/api/mcp-servers/\(id)").status == 200)
        }
    }

    @Test func badBodiesAreNamed() async throws {
        let ana = try await TestServer.shared.api.register("Ana")
        func fields(_ more: JSONObject) async throws -> [JSONValue?] {
            let answer = try await ana.api.post("/api/mcp-servers", draft("https://example.com/", more))
            #expect(answer.status == 400)
            return answer["errors"].arrayValue?.map { $0["field"] } ?? []
        }
        #expect(try await fields(["slug": "a_b"]) == ["slug"])
        #expect(try await fields(["authKind": "oauth"]) == ["authKind"])
        #expect(try await fields(["authKind": "header", "secret": "s"]) == ["authHeader"])
        #expect(try await fields(["authKind": "bearer", "authHeader": "X-Key", "secret": "s"]) == ["authHeader"])
        #expect(try await fields(["authKind": "bearer"]) == ["secret"])
        #expect(try await fields(["timeoutSeconds": 0]) == ["timeoutSeconds"])
        #expect(try await fields(["approval": "sometimes"]) == ["approval"])
    }
}

extension JSONValue {
    fileprivate func merging(_ more: JSONObject) -> JSONValue {
        .object((objectValue ?? [:]).merged(with: more))
    }
}
