import Foundation
import JSON
import TestSupport
import Testing

/// What browsers are told, so that pages of others can do no harm: content policy, frames, referrers, other origins.
@Suite struct BrowserSafetyTests {
    private func raw(
        _ method: String = "GET", _ path: String, _ headers: [String: String] = [:]
    ) async throws -> Wire.Reply {
        let port = try await TestServer.shared.port
        return try await Threads.one { try Wire(port: port).send(method, path, headers: headers) }
    }

    @Test(arguments: ["/inbox", "/demo", "/docs"])
    func pagesRunNothingButWhatTheServerServes(_ page: String) async throws {
        let reply = try await raw("GET", page)
        #expect(reply.status == 200)
        let policy = try #require(reply.headers["content-security-policy"])
        for rule in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "script-src 'self'"] {
            #expect(policy.contains(rule), "\(policy)")
        }
        for forbidden in ["unsafe-inline", "unsafe-eval", "*", "http:"] { #expect(!policy.contains(forbidden)) }
        #expect(reply.headers["referrer-policy"] == "no-referrer")
        #expect(reply.headers["x-content-type-options"] == "nosniff")
        #expect(reply.headers["x-frame-options"] == "DENY")
        #expect(reply.headers["cross-origin-opener-policy"] == "same-origin")
        let text = String(decoding: reply.body, as: UTF8.self)
        #expect(!text.contains("<style") && !text.contains(" style=") && !text.contains("onclick="))
        #expect(!text.contains("<script>"), "a script in the page would not run")
        #expect(!text.contains("src=\"http") && !text.contains("href=\"http"), "nothing comes from elsewhere")
    }

    @Test(arguments: ["/api/health", "/api/openapi.json", "/api/conversations", "/nothing", "/api/events"])
    func everyAnswerIsOutOfReachForFrames(_ path: String) async throws {
        let reply = try await raw("GET", path)
        #expect(reply.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'")
        #expect(reply.headers["x-content-type-options"] == "nosniff")
        #expect(reply.headers["x-frame-options"] == "DENY")
        #expect(reply.headers["referrer-policy"] == "no-referrer")
        #expect(reply.headers["set-cookie"] == nil)
    }

    @Test func aTokenInTheAddressIsNone() async throws {
        let server = try await TestServer.shared
        let ana = try await server.api.register()
        let token = try #require(ana.api.token)
        let id = try await Resources.make("conversations", of: ana)
        for name in ["token", "access_token", "authorization", "bearer", "key"] {
            #expect(try await raw("GET", "/api/conversations?\(name)=\(token)").status == 401)
            #expect(try await raw("GET", "/api/conversations/\(id)/events?\(name)=\(token)").status == 401)
        }
    }

    @Test func onlyThePagesThatACompanyAllowsReadItsChat() async throws {
        let server = try await TestServer.shared
        let ana = try await server.api.register()
        try await ana.api.patch(
            "/api/companies/\(ana.companyId)", ["settings": ["widget": ["allowedOrigins": ["https://shop.example"]]]]
        ).expect(200)
        let visitor = try await ana.visitor()
        let id = try await visitor.post("/api/conversations").expect(201).id
        let (port, token) = (server.port, try #require(visitor.token))
        for (origin, isAllowed) in [("https://shop.example", true), ("https://evil.example", false), ("null", false)] {
            for path in ["/api/conversations", "/api/conversations/\(id)/messages"] {
                let reply = try await Threads.one {
                    try Wire(port: port).send("GET", path, token: token, headers: ["Origin": origin])
                }
                #expect(reply.headers["access-control-allow-origin"] == (isAllowed ? origin : nil), "\(origin)")
                #expect(reply.headers["vary"] == "Origin")
                #expect(reply.headers["access-control-allow-credentials"] == nil)
            }
            let stream = try await Threads.one {
                try EventWire(
                    port: port, "/api/conversations/\(id)/events", token: token, headers: ["Origin": origin]
                ).headers
            }
            #expect(stream["access-control-allow-origin"] == (isAllowed ? origin : nil))
        }
        // A member's token has no business in another site's page, whatever the company allows.
        let member = try #require(ana.api.token)
        let reply = try await Threads.one {
            try Wire(port: port).send(
                "GET", "/api/conversations", token: member, headers: ["Origin": "https://shop.example"])
        }
        #expect(reply.headers["access-control-allow-origin"] == nil)
    }
}
