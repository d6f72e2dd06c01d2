import Egress
import Foundation
import Postgres
import Testing

@testable import Tenancy

/// What webhooks are still to be told: claimed once, in order, given up in time, and nobody else's.
@Suite struct WebhookTests {
    private static func hook(
        _ world: World, _ tenant: World.Tenant, _ events: [WebhookEvent] = [.messageCreated]
    ) async throws -> Webhook {
        try await world.webhooks.create(
            tenant.scope, WebhookDraft(url: "https://example.com/hook", events: events.map(\.rawValue))
        ).webhook
    }

    private static func message(_ conversation: UUID, _ id: UUID = .v7()) -> WebhookNews {
        WebhookNews(id: id, event: .messageCreated, conversationId: conversation, messageId: id, at: Date())
    }

    private static func taken(_ world: World, limit: Int = 32) async throws -> [WebhookDelivery] {
        try await world.deliveries.claim(limit: limit).map(\.delivery)
    }

    private static let well = WebhookOutcome(status: 204, error: nil, milliseconds: 5)
    private static let badly = WebhookOutcome(status: 500, error: "the program answered 500", milliseconds: 5)

    @Test("Noting twice is noting once, and only for those who want it")
    func noting() async throws {
        try await World.with { world in
            let (ana, eve) = (try await world.register("Ana"), try await world.register("Eve"))
            let (hook, _) = (try await Self.hook(world, ana), try await Self.hook(world, eve, [.conversationDeleted]))
            let off = try await Self.hook(world, ana)
            var patch = WebhookPatch()
            patch.active = .set(false)
            _ = try await world.webhooks.update(ana.scope, off.id, patch)
            let news = (0..<5).map { _ in Self.message(.v7()) }
            for _ in 0..<3 { try await world.deliveries.add(ana.scope.companyId, news) }
            try await world.deliveries.add(eve.scope.companyId, news)
            let list = try await world.deliveries.list(ana.scope, of: hook.id).items
            #expect(list.map(\.eventId) == news.map(\.id).reversed() && list.allSatisfy { $0.state == .pending })
            #expect(try await world.deliveries.list(ana.scope, of: off.id).items.isEmpty)
            await #expect(throws: NotFound.self) { try await world.deliveries.list(eve.scope, of: hook.id) }
            #expect(try await world.webhooks.watchedCompanies() == [ana.scope.companyId, eve.scope.companyId])
        }
    }

    @Test("Many claim at once: each delivery goes to one, and of a conversation only the first that is not over")
    func claims() async throws {
        try await World.with { world in
            let ana = try await world.register()
            _ = try await Self.hook(world, ana)
            let lanes = (0..<3).map { _ in UUID.v7() }
            let news = (0..<4).flatMap { _ in lanes.map { Self.message($0) } }
            try await world.deliveries.add(ana.scope.companyId, news)
            var order: [UUID: [UUID]] = [:]
            for _ in 0..<4 {
                let round = try await withThrowingTaskGroup(of: [WebhookDelivery].self) { group in
                    for _ in 0..<8 { group.addTask { try await Self.taken(world) } }
                    return try await group.reduce(into: []) { $0 += $1 }
                }
                #expect(Set(round.map(\.id)).count == round.count)
                #expect(Set(round.compactMap(\.conversationId)).count == round.count && round.count == 3)
                for delivery in round {
                    order[delivery.conversationId ?? .v7(), default: []].append(delivery.eventId)
                    try await world.deliveries.finish(delivery, Self.well)
                }
            }
            for lane in lanes { #expect(order[lane] == news.filter { $0.conversationId == lane }.map(\.id)) }
            #expect(try await Self.taken(world).isEmpty)
        }
    }

    @Test("A claim that ran out is another's, and what the first one says then does not count")
    func leases() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let hook = try await Self.hook(world, ana)
            try await world.deliveries.add(ana.scope.companyId, [Self.message(.v7())])
            let late = try #require(try await Self.taken(world).first)
            #expect(try await Self.taken(world).isEmpty)
            try await world.makeDue()
            let now = try #require(try await Self.taken(world).first)
            #expect(now.id == late.id && now.attempts == 2)
            try await world.deliveries.finish(late, Self.badly)
            #expect(try await world.deliveries.get(ana.scope, now.id).state == .pending)
            try await world.deliveries.finish(now, Self.well)
            try await world.deliveries.finish(late, Self.badly)
            #expect(try await world.deliveries.get(ana.scope, now.id).state == .delivered)
            #expect(try await world.webhooks.get(ana.scope, hook.id).failingSince == nil)
            // One that is given back was not tried.
            try await world.deliveries.add(ana.scope.companyId, [Self.message(.v7())])
            let given = try #require(try await Self.taken(world).first)
            try await world.deliveries.giveBack(given)
            #expect(try await Self.taken(world).first?.attempts == 1)
        }
    }

    @Test("Tries end after three days, the pauses grow, and the conversation goes on then")
    func givingUp() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let hook = try await Self.hook(world, ana)
            let lane = UUID.v7()
            let (first, second) = (Self.message(lane), Self.message(lane))
            try await world.deliveries.add(ana.scope.companyId, [first, second])
            var pauses: [TimeInterval] = []
            for _ in 0...WebhookDeliveryStore.pauses.count {
                let delivery = try #require(try await Self.taken(world).first)
                #expect(delivery.eventId == first.id)
                try await world.deliveries.finish(delivery, Self.badly)
                let due = try await world.deliveries.get(ana.scope, delivery.id).dueAt
                pauses.append(due.timeIntervalSinceNow.rounded())
                try await world.makeDue(endingRests: true)
            }
            #expect(Array(pauses.dropLast()) == pauses.dropLast().sorted())
            let given = try await world.deliveries.list(ana.scope, of: hook.id, state: .failed).items
            #expect(given.map(\.eventId) == [first.id] && given.first?.error == Self.badly.error)
            #expect(try await Self.taken(world).map(\.eventId) == [second.id])
            let total = WebhookDeliveryStore.pauses.reduce(Duration.zero, +)
            #expect((Duration.seconds(2 * 86_400)...Duration.seconds(3 * 86_400)).contains(total))
        }
    }

    @Test("One that fails rests, and a success ends that; one company's rest is not another's")
    func rests() async throws {
        try await World.with { world in
            let (ana, eve) = (try await world.register("Ana"), try await world.register("Eve"))
            let hook = try await Self.hook(world, ana)
            _ = try await Self.hook(world, eve)
            for tenant in [ana, eve] {
                try await world.deliveries.add(tenant.scope.companyId, (0..<6).map { _ in Self.message(.v7()) })
            }
            for _ in 0..<6 {
                for delivery in try await Self.taken(world) where delivery.companyId == ana.scope.companyId {
                    try await world.deliveries.finish(delivery, Self.badly)
                }
            }
            #expect(try await world.webhooks.get(ana.scope, hook.id).failingSince != nil)
            try await world.makeDue()
            let next = try await Self.taken(world)
            #expect(!next.isEmpty && next.allSatisfy { $0.companyId == eve.scope.companyId })
        }
    }

    @Test("What is over is forgotten after days, and what waits too long is given up")
    func sweeping() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let hook = try await Self.hook(world, ana)
            try await world.deliveries.add(ana.scope.companyId, (0..<3).map { _ in Self.message(.v7()) })
            let done = try await Self.taken(world, limit: 1)
            for delivery in done { try await world.deliveries.finish(delivery, Self.well) }
            _ = try await world.client.query(
                "UPDATE webhook_deliveries SET finished_at = finished_at - interval '8 days'", settings: .sweeper)
            _ = try await world.client.query(
                """
                UPDATE webhook_deliveries SET created_at = created_at - interval '4 days'
                WHERE position = (SELECT max(position) FROM webhook_deliveries)
                """, settings: .sweeper)
            try await world.deliveries.sweep()
            let left = try await world.deliveries.list(ana.scope, of: hook.id).items
            #expect(left.map(\.state) == [.failed, .pending])
        }
    }
}

extension World {
    fileprivate var webhooks: WebhookStore { WebhookStore(client, secrets: secrets, rules: .strict) }
    fileprivate var deliveries: WebhookDeliveryStore { WebhookDeliveryStore(client, secrets: secrets) }

    /// Lets every pause of a delivery be over; a webhook's own rest goes on unless asked for.
    fileprivate func makeDue(endingRests: Bool = false) async throws {
        if endingRests { _ = try await client.query("UPDATE webhooks SET paused_until = NULL", settings: .sweeper) }
        _ = try await client.query(
            "UPDATE webhook_deliveries SET due_at = now() WHERE state = 'pending'", settings: .sweeper)
    }
}
