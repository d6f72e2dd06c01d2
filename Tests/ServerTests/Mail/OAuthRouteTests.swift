import Foundation
import JSON
import TestSupport
import Testing

/// Linking a Google account over HTTP, with the double in Google's place.
@Suite struct OAuthRouteTests {
    private typealias World = GoogleServer

    @Test func linksReadsAndUnlinks() async throws {
        try await World.with { world in
            let ana = try await world.server.api.register()
            let consent = try await world.consent(ana, "?returnTo=/inbox%3Ftab%3Dmail")
            let back = try await world.open(world.server.base + consent.path, cookie: consent.cookie)
            #expect(back.status == 303 && back.location == "/inbox?tab=mail&linked=google")
            let account = try #require(try await ana.api.get("/api/oauth/accounts").expect(200).data.first)
            #expect(account["email"] == "ana@gmail.example" && account["status"] == "active")
            #expect(!account.encodedString.contains("access1") && !account.encodedString.contains("refresh"))
            world.google.receive(from: "Bob <bob@x.example>", subject: "Offer", text: "Still good?")
            let said = try await ana.api.post("/api/messages", ["content": "@mail unread"]).expect(201)
            #expect(said["replies"].arrayValue?.first?["content"]?.stringValue?.contains("Bob · Offer") == true)
            let id = account["id"]?.stringValue ?? ""
            try await ana.api.delete("/api/oauth/accounts/\(id)").expect(204)
            #expect(world.google.requests.contains { $0.path == "/revoke" })
            #expect(try await ana.api.get("/api/oauth/accounts").data.isEmpty)
            try await ana.api.delete("/api/oauth/accounts/\(id)").expect(404)
        }
    }

    /// A state is good once, and only in the browser that began.
    @Test func aStateIsGoodOnceAndInItsBrowser() async throws {
        try await World.with { world in
            let ana = try await world.server.api.register()
            let first = try await world.consent(ana)
            #expect(try await world.open(world.server.base + first.path, cookie: first.cookie).status == 303)
            #expect(
                try await world.open(world.server.base + first.path, cookie: first.cookie).status == 400, "replayed")
            for wrong in [nil, "sb_oauth=", "sb_oauth=wrong", first.cookie] {
                let next = try await world.consent(ana)
                #expect(try await world.open(world.server.base + next.path, cookie: wrong).status == 400)
                #expect(
                    try await world.open(world.server.base + next.path, cookie: next.cookie).status == 400, "used up")
            }
            // Eve sends Ana her own consent: Ana's browser has no cookie of it, and Eve gets nothing.
            let eve = try await world.server.api.register("Eve")
            let trap = try await world.consent(eve)
            let own = try await world.consent(ana)
            #expect(try await world.open(world.server.base + trap.path, cookie: own.cookie).status == 400)
            #expect(try await eve.api.get("/api/oauth/accounts").data.isEmpty)
        }
    }

    @Test func saysHowAConsentFailed() async throws {
        try await World.with { world in
            let ana = try await world.server.api.register()
            let consent = try await world.consent(ana)
            let denied = consent.path.replacingOccurrences(
                of: "code=[^&]*", with: "error=access_denied", options: .regularExpression)
            #expect(
                try await world.open(world.server.base + denied, cookie: consent.cookie).location
                    == "/inbox?linked=failed&reason=denied")
            let other = try await world.consent(ana)
            let forged = other.path.replacingOccurrences(
                of: "code=[^&]*", with: "code=forged", options: .regularExpression)
            #expect(
                try await world.open(world.server.base + forged, cookie: other.cookie).location
                    == "/inbox?linked=failed&reason=bad_code")
            for path in ["//evil.example", "https://evil.example", "/a\\b", "inbox"] {
                let escaped = path.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
                try await ana.api.get("/api/oauth/google/start?returnTo=\(escaped)").expect(400)
            }
            try await ana.key("emails:write").get("/api/oauth/google/start").expect(403)
            try await ana.visitor().get("/api/oauth/google/start").expect(403)
        }
    }

    @Test func withoutAClientItSaysWhatIsMissing() async throws {
        let ana = try await TestServer.shared.api.register()
        let answer = try await ana.api.get("/api/oauth/google/start").expect(404)
        #expect(answer["detail"].stringValue?.contains("GOOGLE_CLIENT_ID") == true)
        #expect(try await ana.api.get("/api/oauth/accounts").expect(200).data.isEmpty)
        let said = try await ana.api.post("/api/messages", ["content": "@mail accounts"]).expect(201)
        #expect(said["replies"].arrayValue?.first?["content"]?.stringValue?.contains("GOOGLE_CLIENT_ID") == true)
    }
}
