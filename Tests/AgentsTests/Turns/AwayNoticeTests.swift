import Foundation
import JSON
import Testing

@testable import Agents
@testable import Tenancy

@Suite("Whoever asks for a person while nobody works is told when somebody does, and a bare answer is known as one")
struct AwayNoticeTests {
    private func company(_ settings: JSONObject) -> Company {
        Company(
            id: .v7(), name: "Test", industry: nil, brandPersonality: nil, active: true, subscriptionPlan: .free,
            subscriptionStatus: .active, widgetKey: "sb_pub_x", settings: CompanySettings(settings), createdAt: Date(),
            updatedAt: Date(), version: 1)
    }

    @Test(
        arguments: [
            ("2026-11-26T09:30:00Z", nil), ("2026-11-26T07:59:59Z", "Thu 26 Nov 2026, 09:00"),
            ("2026-11-26T17:00:00Z", "Fri 27 Nov 2026, 09:00"), ("2026-11-27T20:00:00Z", "Mon 30 Nov 2026, 09:00"),
        ] as [(String, String?)])
    func hours(now: String, back: String?) throws {
        let now = try #require(Timestamp.parse(now))
        let shop = company(["timeZone": "Europe/Madrid", "workingHours": ["start": "09:00", "end": "18:00"]])
        let text = AwayNotice.text(shop, at: now, .english)
        #expect(text == back.map { "We are closed right now and back on \($0) (Europe/Madrid)." })
        #expect((AwayNotice.text(shop, at: now, .spanish) == nil) == (back == nil))
        #expect(AwayNotice.text(company([:]), at: now, .english) == nil, "nothing is known")
    }

    @Test(arguments: ["yes", "No thanks", "2", "the first one", "sí", "número 3", "Number 2", "ok"])
    func bare(text: String) { #expect(BareReply.isOne(text)) }

    @Test(arguments: ["", "yes, and what is the price?", "hello", "read 1", "99", "call me tomorrow", "12 week plan"])
    func notBare(text: String) { #expect(!BareReply.isOne(text)) }
}
