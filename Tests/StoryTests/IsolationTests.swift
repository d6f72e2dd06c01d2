import Foundation
import JSON
import Synchronization
import TestSupport
import Testing

extension Chaos {
    @Suite struct IsolationTests {
        /// Requests that each run makes; ISOLATION_REQUESTS sets another number, 100000 for the whole test.
        private static let requests =
            ProcessInfo.processInfo.environment["ISOLATION_REQUESTS"].flatMap { Int($0) } ?? 8_000

        /// Invariant 1: everything that a tenant writes carries the tenant's marker, and no answer to the other ever
        /// holds it, whatever is asked for and in whatever mixture.
        @Test(.timeLimit(.minutes(10))) func twoTenantsSeeNothingOfEachOther() async throws {
            let markers = ["ALPHAMARKER", "OMEGAMARKER"]
            try await World.with { world in
                try await world.serve { server in
                    let port = server.port
                    let sides = try await Threads.one { try markers.map { try Side(marker: $0, at: port) } }
                    let sent = Atomic<Int>(0)
                    let begun = ContinuousClock.now
                    let workers = 16
                    try await Threads.run(workers) { worker in
                        let mine = sides[worker % 2]
                        let other = sides[1 - worker % 2]
                        let visit = Visit(
                            mine, other: other, forbidden: Array(other.marker.utf8), wire: try Wire(port: port))
                        for number in 0..<(Self.requests / workers) {
                            try visit.request(number)
                            _ = sent.add(1, ordering: .relaxed)
                        }
                    }
                    print("isolation: \(sent.load(ordering: .relaxed)) requests in \(ContinuousClock.now - begun)")
                    #expect(!server.log.contains("\"level\":\"error\""))
                }
            }
        }
    }
}

/// A tenant of the test with something of every kind.
struct Side: Sendable {
    let marker: String
    let tenant: Tenant
    let customer: String
    let product: String
    let conversation: String
    let message: String
    let visitor: String
    let visitorConversation: String

    init(marker: String, at port: Int) throws {
        self.marker = marker
        tenant = try Tenant(at: port, name: "\(marker) Ltd")
        let wire = try Wire(port: port)
        let token = tenant.token
        func make(_ path: String, _ body: JSONValue, as token: String) throws -> String {
            let reply = try wire.send("POST", "/api" + path, token: token, body)
            try #require(reply.status == 201, "\(path): \(String(decoding: reply.body, as: UTF8.self))")
            return try #require(reply["id"].stringValue)
        }
        customer = try make("/customers", ["name": .string("\(marker) customer"), "externalId": "same"], as: token)
        product = try make(
            "/products",
            ["name": .string("bicycle \(marker)"), "description": "same words", "priceCents": 100, "currency": "EUR"],
            as: token)
        conversation = try make(
            "/conversations", ["title": .string("\(marker) thread"), "platform": "web"], as: token)
        message = try make(
            "/conversations/\(conversation)/messages", ["content": .string("\(marker) first")], as: token)
        let visit = try wire.send(
            "POST", "/api/widget/sessions", ["key": .string(tenant.widgetKey), "visitorId": "same-browser"])
        visitor = try #require(visit["token"].stringValue)
        visitorConversation = try make("/conversations", ["title": .string("\(marker) visit")], as: visitor)
    }
}

/// One caller of a side, who asks for everything, also for what is the other's.
private final class Visit {
    private let mine: Side
    private let other: Side
    private let forbidden: [UInt8]
    private let wire: Wire

    init(_ mine: Side, other: Side, forbidden: [UInt8], wire: Wire) {
        self.mine = mine
        self.other = other
        self.forbidden = forbidden
        self.wire = wire
    }

    func request(_ number: Int) throws {
        // A step that is prime to the number of cases mixes them differently on every connection.
        switch (number &* 7 &+ number / 24) % 24 {
        case 0: try ask("GET", "/conversations", 200)
        case 1: try ask("GET", "/conversations/\(mine.conversation)/messages?limit=20", 200)
        case 2:
            try ask(
                "POST", "/conversations/\(mine.conversation)/messages", 201,
                ["content": .string("\(mine.marker) \(number)")])
        case 3: try ask("GET", "/customers?limit=20", 200)
        case 4: try ask("GET", "/products?q=bicycle", 200)
        case 5: try ask("GET", "/conversations?q=thread&limit=20", 200)
        case 6: try ask("GET", "/auth/me", 200)
        case 7: try ask("GET", "/companies", 200)
        case 8: try ask("GET", "/agent-logs?limit=20", 200)
        case 9: try ask("GET", "/widget/config?key=\(mine.tenant.widgetKey)", 200, token: nil)
        case 10: try ask("GET", "/conversations/\(mine.visitorConversation)/messages", 200, token: mine.visitor)
        case 11: try ask("GET", "/conversations", 200, token: mine.visitor)
        case 12: try ask("GET", "/customers?externalId=same", 200)
        case 13: try ask("GET", "/products/\(mine.product)", 200)
        case 14: try ask("GET", "/members", 200)
        case 15: try ask("GET", "/agents", 200)
        case 16: try ask("GET", "/messages?limit=20", 200)
        case 17 where number % 5 == 0:
            try ask("POST", "/agents/sales/chat", 200, ["content": "how much is the bicycle?"])
        case 17:
            try ask(
                "POST", "/widget/sessions", 201, ["key": .string(mine.tenant.widgetKey), "visitorId": "same-browser"],
                token: nil)
        // What is the other's is not there.
        case 18: try ask("GET", "/conversations/\(other.conversation)", 404)
        case 19: try ask("GET", "/conversations/\(other.conversation)/messages/\(other.message)", 404)
        case 20: try ask("POST", "/conversations/\(other.conversation)/messages", 404, ["content": "let me in"])
        case 21: try ask("GET", "/products/\(other.product)", 404)
        case 22: try ask("GET", "/customers/\(other.customer)", 404, headers: ["X-Company-Id": mine.tenant.companyId])
        default: try ask("GET", "/conversations", 404, headers: ["X-Company-Id": other.tenant.companyId])
        }
    }

    private func ask(
        _ method: String, _ path: String, _ status: Int, _ body: JSONValue? = nil, token: String?? = .none,
        headers: [String: String] = [:]
    ) throws {
        let reply = try wire.send(
            method, "/api" + path, token: token ?? mine.tenant.token, body, headers: headers)
        #expect(
            reply.status == status, "\(method) \(path): \(reply.status) \(String(decoding: reply.body, as: UTF8.self))")
        #expect(reply.body.firstRange(of: forbidden) == nil, "\(method) \(path) shows something of the other tenant")
    }
}
