import Foundation
import JSON
import TestSupport
import Testing

/// Getting in, staying in, and getting out: on every process at once.
@Suite struct SessionTests {
    private func refresh(_ token: String) async throws -> API.Answer {
        try await TestServer.shared.api.post("/api/auth/refresh", ["refreshToken": .string(token)])
    }

    /// The same person's API at the other process, which has seen them and keeps what it knows.
    private func elsewhere(_ tenant: Tenant) async throws -> API {
        let api = try await TestServer.second.api.with(token: tenant.api.token)
        try await api.get("/api/products").expect(200)
        return api
    }

    @Test func logoutEndsTheSessionEverywhere() async throws {
        let ana = try await TestServer.shared.api.register()
        let second = try await elsewhere(ana)
        try await ana.api.post("/api/auth/logout").expect(204)
        #expect(try await second.get("/api/products").status == 401)
        #expect(try await ana.api.get("/api/products").status == 401)
        #expect(try await refresh(ana.refreshToken).status == 401)
    }

    @Test func aDeviceCanBeSignedOut() async throws {
        let ana = try await TestServer.shared.api.register()
        let other = try await ana.api.login(ana)
        let second = try await elsewhere(other)
        let sessions = try await ana.api.get("/api/auth/sessions").expect(200).data
        #expect(sessions.count == 2 && sessions.filter { $0["current"] == true }.count == 1)
        let id = try #require(sessions.first { $0["current"] == false }?["id"]?.stringValue)
        try await ana.api.delete("/api/auth/sessions/\(id)").expect(204)
        #expect(try await second.get("/api/products").status == 401)
        try await ana.api.get("/api/products").expect(200)
    }

    @Test func aRefreshTokenIsGoodOnce() async throws {
        let ana = try await TestServer.shared.api.register()
        let next = try await refresh(ana.refreshToken).expect(200)
        let newest = try #require(next["refreshToken"].stringValue)
        let second = try await TestServer.second.api.with(token: next["token"].stringValue)
        try await second.get("/api/products").expect(200)
        #expect(try await refresh(ana.refreshToken).status == 401)
        #expect(try await refresh(newest).status == 401)
        #expect(try await second.get("/api/products").status == 401)
    }

    @Test(arguments: ["x", "sb_rt_", "00000000-0000-0000-0000-000000000000"])
    func inventedRefreshTokensAreRefused(_ token: String) async throws {
        #expect(try await refresh(token).status == 401)
    }

    @Test func aNewPasswordEndsTheOtherSessions() async throws {
        let ana = try await TestServer.shared.api.register()
        let other = try await elsewhere(try await ana.api.login(ana))
        let wrong: JSONValue = ["currentPassword": "wrong", "newPassword": "new password"]
        #expect([400, 401, 403].contains(try await ana.api.post("/api/auth/password", wrong).status))
        try await other.get("/api/products").expect(200)
        try await ana.api.post(
            "/api/auth/password", ["currentPassword": .string(Tenant.password), "newPassword": "new password"]
        ).expect(204)
        #expect(try await other.get("/api/products").status == 401)
        try await ana.api.get("/api/products").expect(200)
        let old: JSONValue = ["email": .string(ana.email), "password": .string(Tenant.password)]
        #expect(try await ana.api.post("/api/auth/login", old).status == 401)
    }

    @Test func aRevokedKeyEndsEverywhere() async throws {
        let ana = try await TestServer.shared.api.register()
        let made = try await ana.api.post("/api/api-keys", ["name": "k", "scopes": ["products:read"]]).expect(201)
        let second = try await TestServer.second.api.with(token: made["key"].stringValue)
        try await second.get("/api/products").expect(200)
        #expect(try await second.get("/api/customers").status == 403)
        try await ana.api.delete("/api/api-keys/\(made.id)").expect(204)
        #expect(try await second.get("/api/products").status == 401)
    }

    @Test func keysEndInTime() async throws {
        let ana = try await TestServer.shared.api.register()
        func make(_ time: Date) async throws -> API.Answer {
            let body: JSONValue = [
                "name": "k", "scopes": ["products:read"], "expiresAt": .string(Timestamp.string(time)),
            ]
            return try await ana.api.post("/api/api-keys", body)
        }
        #expect(try await make(Date().addingTimeInterval(-1)).status == 400)
        let key = try await make(Date().addingTimeInterval(5)).expect(201)
        let api = ana.api.with(token: key["key"].stringValue)
        try await api.get("/api/products").expect(200)
        try await eventually("the key ends") { try await api.get("/api/products").status == 401 }
        let listed = try await ana.api.get("/api/api-keys").data
        #expect(listed.allSatisfy { $0["key"] == nil } && listed.count == 1)
    }

    @Test func aRemovedMemberIsOutEverywhere() async throws {
        let ana = try await TestServer.shared.api.register()
        let joe = try await ana.join(as: "member")
        let second = try await TestServer.second.api.with(token: joe.api.token)
            .with(header: "X-Company-Id", ana.companyId)
        try await second.get("/api/products").expect(200)
        try await ana.api.delete("/api/members/\(joe.userId)").expect(204)
        #expect([401, 404].contains(try await second.get("/api/products").status))
    }

    @Test func aChangedRoleCountsAtOnce() async throws {
        let ana = try await TestServer.shared.api.register()
        let joe = try await ana.join(as: "member")
        let second = try await TestServer.second.api.with(token: joe.api.token)
            .with(header: "X-Company-Id", ana.companyId)
        let company: JSONValue = ["industry": "sport"]
        #expect(try await second.patch("/api/companies/\(ana.companyId)", company).status == 403)
        try await ana.api.patch("/api/members/\(joe.userId)", ["role": "admin"]).expect(200)
        try await second.patch("/api/companies/\(ana.companyId)", company).expect(200)
    }

    @Test func theLastOwnerStays() async throws {
        let ana = try await TestServer.shared.api.register()
        #expect(try await ana.api.delete("/api/members/\(ana.userId)").status == 409)
        #expect(try await ana.api.patch("/api/members/\(ana.userId)", ["role": "admin"]).status == 409)
    }

    @Test(arguments: [
        "", "Bearer", "Bearer x", "Basic eDp5", "Bearer a.b.c", "Bearer sb_live_nothing", "x y z", "Bearer a.b.c d",
    ])
    func inventedTokensAreRefused(_ header: String) async throws {
        let answer = try await TestServer.shared.api.with(header: "Authorization", header).get("/api/products")
        #expect(answer.status == 401 && answer.code == "unauthenticated")
        #expect(answer.headers["www-authenticate"] == "Bearer")
    }

    @Test func unknownAddressesLookLikeWrongPasswords() async throws {
        let api = try await TestServer.shared.api.with(header: "X-Request-Id", "same")
        let ana = try await api.register()
        func login(_ email: String) async throws -> API.Answer {
            try await api.post("/api/auth/login", ["email": .string(email), "password": "wrong password"])
        }
        let (wrong, unknown) = (try await login(ana.email), try await login("nobody@example.com"))
        #expect(wrong.status == 401 && wrong.bytes == unknown.bytes)
    }

    @Test func anAddressIsUniqueWithoutRegardToCase() async throws {
        let ana = try await TestServer.shared.api.register()
        let body: JSONValue = ["email": .string(ana.email.uppercased()), "password": "another password"]
        #expect(try await ana.api.post("/api/auth/register", body).status == 409)
    }

    @Test(arguments: ["short", String(repeating: "x", count: 1025)])
    func passwordsHaveBounds(_ password: String) async throws {
        let body: JSONValue = ["email": "bounds@example.com", "password": .string(password)]
        let answer = try await TestServer.shared.api.post("/api/auth/register", body)
        #expect(answer.status == 400 && answer["errors"].arrayValue?.first?["field"] == "password")
    }

    @Test func iAmWhoIAm() async throws {
        let ana = try await TestServer.shared.api.register()
        let me = try await ana.api.get("/api/auth/me").expect(200)
        #expect(me["user"]["id"] == .string(ana.userId) && me["role"] == "owner")
        #expect(me["memberships"].arrayValue?.count == 1 && me["company"]["id"] == .string(ana.companyId))
        #expect(!String(decoding: me.bytes, as: UTF8.self).contains("password"))
    }
}
