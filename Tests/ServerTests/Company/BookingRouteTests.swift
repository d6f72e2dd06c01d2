import Doubles
import Foundation
import JSON
import TestSupport
import Testing

/// A visitor asks for a time in the chat, a member decides, and the visitor hears of it where they asked.
@Suite(.timeLimit(.minutes(2))) struct BookingRouteTests {
    private func booking(_ tenant: Tenant) async throws {
        try await tenant.api.patch(
            "/api/companies/\(tenant.companyId)", ["settings": ["booking": ["durationMin": 30, "noticeMin": 0]]]
        ).expect(200)
    }

    private struct Visitor {
        var api: API
        var conversation: String

        init(_ tenant: Tenant) async throws {
            api = try await tenant.visitor()
            conversation = try await api.get("/api/conversations").data.first?["id"]?.stringValue ?? ""
        }

        func say(_ text: String) async throws -> String {
            try await api.with(header: "Prefer", "wait=20").post(
                "/api/conversations/\(conversation)/messages", ["content": .string(text)]
            ).expect(201)["replies"].arrayValue?.first?["content"]?.stringValue ?? ""
        }
    }

    @Test func aRequestIsSeenDecidedAndTold() async throws {
        let ana = try await TestServer.shared.api.register()
        let cleo = try await Visitor(ana)
        #expect(try await !cleo.say("I need an appointment").contains("Free next"), "off until it is switched on")
        try await booking(ana)
        let offer = try await cleo.say("I need an appointment")
        #expect(offer.hasPrefix("Free next (UTC)") && offer.contains("1. "))
        #expect(try await cleo.say("1") == "What is your name?")
        _ = try await cleo.say("Cleo")
        #expect(try await cleo.say("cleo@example.com").hasPrefix("I asked for"))
        let listed = try await ana.api.get("/api/bookings?status=requested").expect(200).data
        let booking = try #require(listed.first)
        #expect(listed.count == 1 && booking["name"] == "Cleo" && booking["contact"] == "cleo@example.com")
        #expect(booking["agent"] == "sales" && booking["conversationId"] == .string(cleo.conversation))

        // What Cleo holds, Dan is not offered.
        let dan = try await Visitor(ana)
        let time = offer.split(separator: "\n").first { $0.hasPrefix("1. ") }.map { String($0.dropFirst(3)) }
        #expect(try await !dan.say("I need an appointment").contains(try #require(time)))

        let id = try #require(booking["id"]?.stringValue)
        try await cleo.api.get("/api/bookings").expect(403)
        try await ana.api.patch("/api/bookings/\(id)", ["status": "maybe"]).expect(400)
        #expect(
            try await ana.api.patch("/api/bookings/\(id)", ["status": "confirmed"]).expect(200)["status"] == "confirmed"
        )
        try await ana.api.patch("/api/bookings/\(id)", ["status": "confirmed"]).expect(200)
        try await ana.api.patch("/api/bookings/\(id)", ["status": "declined"]).expect(409)
        let told = try await cleo.api.get("/api/conversations/\(cleo.conversation)/messages?limit=200").data
            .filter { $0["role"] == "system" }.compactMap { $0["content"]?.stringValue }
        #expect(told.count == 1 && told.first?.hasPrefix("Your appointment is confirmed:") == true, "told once")
    }

    @Test("A model asks by the same tools, and a time that it made up is not shown")
    func model() async throws {
        let llm = FakeLLM(
            .call(.init("cal_slots")), .reply("You can come at 03:07 tomorrow."),
            .reply("Tell me which day suits you."))
        try await ModelServer.with(llm) { shop in
            try await booking(shop.owner)
            let replies = try await shop.ask("when is there time for me to drop in?")
            #expect(replies.map { $0["content"] } == ["Tell me which day suits you."])
        }
        #expect(try #require(llm.requests.first).tools.contains("cal_request"))
        let refused = try #require(llm.requests.last).messages.last?["content"]?.stringValue ?? ""
        #expect(refused.contains("day or a time that no tool returned"))
        try llm.assertConsumed()
    }
}
