import Crypto
import Foundation
import JSON
import TestSupport
import Testing

/// The secret that makes a visitor a known customer: a company gets at its own, and nobody else does.
@Suite struct WidgetSecretTests {
    private func path(_ tenant: Tenant) -> String { "/api/companies/\(tenant.companyId)/widget-secret" }

    @Test func whatTheCompanySignsWithItIsBelieved() async throws {
        let ana = try await TestServer.shared.api.register()
        let answer = try await ana.api.get(path(ana)).expect(200)
        #expect(answer.headers["cache-control"] == "no-store")
        let secret = try #require(answer["secret"].stringValue)
        let hash = HMAC<SHA256>.authenticationCode(for: Data("u-1".utf8), using: .init(data: Data(secret.utf8))).hex
        let session = try await ana.api.with(token: nil).post(
            "/api/widget/sessions",
            ["key": .string(ana.widgetKey), "customer": ["externalId": "u-1", "hash": .string(hash)]])
        #expect(try session.expect(201)["customer"]["externalId"] == "u-1")
    }

    @Test func onlyThoseWhoMayChangeTheCompanySeeIt() async throws {
        let ana = try await TestServer.shared.api.register()
        try await ana.join(as: "admin").api.get(path(ana)).expect(200)
        for caller in [
            try await ana.join(as: "member").api, try await ana.key("company:read"), try await ana.visitor(),
        ] {
            let refused = try await caller.get(path(ana))
            #expect(refused.status == 403 && refused["secret"] == .null)
        }
        let eve = try await TestServer.shared.api.register("Eve")
        #expect(try await eve.api.get(path(ana)).status == 404)
        #expect(try await ana.api.with(token: nil).get(path(ana)).status == 401)
    }
}
