import Foundation
import JSON
import Postgres
import TestSupport
import Testing

@testable import Tenancy

/// A time is held by one, decided by members, and becomes an event of a calendar.
@Suite struct BookingTests {
    private let start = Date(timeIntervalSince1970: 4_000_000_000)

    private func bookings(_ world: World) -> BookingStore { BookingStore(world.client) }

    private func draft(
        _ minutes: Double = 0, length: Double = 30, customer: UUID? = nil, conversation: UUID? = .v7(),
        user: UUID? = nil
    ) -> BookingDraft {
        let start = start.addingTimeInterval(minutes * 60)
        return BookingDraft(
            startsAt: start, endsAt: start.addingTimeInterval(length * 60), timeZone: "Europe/Madrid",
            customerId: customer, conversationId: conversation, agentName: "sales", name: "Cleo",
            contact: "cleo@example.com", userId: user)
    }

    @Test func twoDoNotHoldTheSameTime() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let store = bookings(world)
            let won = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        do {
                            _ = try await store.request(ana.worker, draft(), id: .v7(), limit: 3)
                            return true
                        } catch let error as StoreConflict where error.code == "taken" { return false }
                    }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(won == 1)
            await #expect(throws: StoreConflict.self, "an overlap is enough") {
                try await store.request(ana.worker, draft(29), id: .v7(), limit: 3)
            }
            _ = try await store.request(ana.worker, draft(30), id: .v7(), limit: 3)
            let eve = try await world.register("Eve")
            _ = try await store.request(eve.worker, draft(), id: .v7(), limit: 3)
            let held = try await store.held(ana.worker, from: start, to: start.addingTimeInterval(3_600))
            #expect(held.map(\.start) == [start, start.addingTimeInterval(1_800)])
        }
    }

    @Test func askingAgainUnderTheSameIdChangesNothing() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let id = UUID.v7()
            let first = try await bookings(world).request(ana.worker, draft(), id: id, limit: 1)
            #expect(try await bookings(world).request(ana.worker, draft(), id: id, limit: 1) == first)
            #expect(try await bookings(world).list(ana.scope).items == [first])
        }
    }

    @Test func soManyRequestsOfOneMayWait() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let store = bookings(world)
            let cleo = try await world.customers.create(ana.scope).id
            for place in 0..<2 {
                _ = try await store.request(ana.worker, draft(Double(place) * 60, customer: cleo), id: .v7(), limit: 2)
            }
            await #expect(throws: QuotaExceeded.self) {
                try await store.request(ana.worker, draft(240, customer: cleo), id: .v7(), limit: 2)
            }
            let other = try await world.customers.create(ana.scope).id
            _ = try await store.request(ana.worker, draft(240, customer: other), id: .v7(), limit: 2)
            // Of somebody unknown the conversation counts.
            let conversation = UUID.v7()
            _ = try await store.request(ana.worker, draft(300, conversation: conversation), id: .v7(), limit: 1)
            await #expect(throws: QuotaExceeded.self) {
                try await store.request(ana.worker, draft(360, conversation: conversation), id: .v7(), limit: 1)
            }
        }
    }

    @Test func isDecidedOnceAndIsAnEventThen() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let (store, calendar) = (bookings(world), CalendarStore(world.client))
            func events(_ subject: Subject) async throws -> [CalendarEvent] {
                try await calendar.list(ana.worker, from: start, to: start.addingTimeInterval(86_400), subject: subject)
            }
            let one = try await store.request(ana.worker, draft(), id: .v7(), limit: 5).id
            let confirmed = try await store.decide(ana.scope, one, .confirmed)
            #expect(confirmed.isNew && confirmed.booking.decidedBy == ana.user.id)
            #expect(try await !store.decide(ana.scope, one, .confirmed).isNew)
            #expect(try await events(.company).map(\.id) == [one])
            await #expect(throws: StoreConflict.self) { try await store.decide(ana.scope, one, .declined) }
            await #expect(throws: StoreConflict.self, "the calendar has something then") {
                try await store.request(ana.worker, draft(), id: .v7(), limit: 5)
            }
            #expect(try await store.decide(ana.scope, one, .cancelled).booking.status == .cancelled)
            #expect(try await events(.company).isEmpty)
            // Free again; this time for Ana's own calendar.
            let two = try await store.request(ana.worker, draft(user: ana.user.id), id: .v7(), limit: 5).id
            _ = try await store.decide(ana.scope, two, .confirmed)
            #expect(try await events(.user(ana.user.id)).map(\.title) == ["Cleo"])
            await #expect(throws: StoreConflict.self, "whoever's calendar it is in") {
                try await store.request(ana.worker, draft(), id: .v7(), limit: 5)
            }
            let three = try await store.request(ana.worker, draft(60), id: .v7(), limit: 5).id
            _ = try await store.decide(ana.scope, three, .declined)
            await #expect(throws: StoreConflict.self) { try await store.decide(ana.scope, three, .confirmed) }
            _ = try await store.request(ana.worker, draft(60), id: .v7(), limit: 5)
            // Somebody who is no member any more: the company's own calendar.
            let four = try await store.request(ana.worker, draft(120, user: .v7()), id: .v7(), limit: 9).id
            _ = try await store.decide(ana.scope, four, .confirmed)
            #expect(try await events(.company).map(\.id) == [four])
        }
    }

    @Test func isNobodyElses() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let eve = try await world.register("Eve")
            let id = try await bookings(world).request(ana.worker, draft(), id: .v7(), limit: 3).id
            await #expect(throws: NotFound.self) { try await bookings(world).get(eve.scope, id) }
            await #expect(throws: NotFound.self) { try await bookings(world).decide(eve.scope, id, .confirmed) }
            #expect(try await bookings(world).list(eve.scope).items.isEmpty)
            let cleo = try await world.customers.create(ana.scope).id
            await #expect(throws: NotFound.self) {
                try await bookings(world).request(eve.worker, draft(customer: cleo), id: .v7(), limit: 3)
            }
        }
    }

    @Test func settingsNameTheFieldThatIsWrong() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let error = await #expect(throws: InvalidFields.self) {
                _ = try await CompanyStore(world.client, secrets: world.secrets).update(
                    ana.scope,
                    CompanyPatch(settings: ["booking": ["durationMin": 2, "openRequests": "x", "memberId": "me"]]))
            }
            #expect(
                error?.errors.map(\.field) == [
                    "settings.booking.durationMin", "settings.booking.openRequests", "settings.booking.memberId",
                ])
        }
    }
}
