import Foundation
import TestSupport
import Testing

@testable import Channels
@testable import Conversations
@testable import Tenancy

@Suite struct ContactTests {
    @Test func manyAtOnceFindTheSameContactAndConversation() async throws {
        try await ChannelBench.with { bench in
            let found = try await withThrowingTaskGroup(of: (UUID, UUID).self) { group in
                for number in 0..<20 {
                    group.addTask {
                        let sighting = ContactSighting(
                            waId: number % 2 == 0 ? "4915110" : nil, businessId: "DE.A1", seenAt: Date())
                        let contact = try await bench.stores.contacts.resolve(
                            bench.worker, bench.opened.channel, sighting)
                        let place = ContactPlace(contacts: bench.stores.contacts, conversations: bench.conversations)
                        return (contact.id, try await place.open(contact, .whatsapp).id)
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(found.map(\.0)).count == 1 && Set(found.map(\.1)).count == 1)
            #expect(try await CustomerStore(bench.postgres).list(bench.owner).items.count == 1)
        }
    }

    @Test func aNumberThatPassedToSomebodyElseIsSomebodyElse() async throws {
        try await ChannelBench.with { bench in
            func seen(_ waId: String?, _ id: String?) async throws -> UUID {
                try await bench.stores.contacts.resolve(
                    bench.worker, bench.opened.channel,
                    ContactSighting(waId: waId, businessId: id, seenAt: Date())
                ).customerId
            }
            let carla = try await seen("49151", "DE.CARLA")
            #expect(try await seen("49151", nil) == carla)
            #expect(try await seen(nil, "DE.CARLA") == carla)
            let otto = try await seen("49151", "DE.OTTO")
            #expect(otto != carla)
            #expect(try await seen("49151", nil) == otto)
            #expect(try await seen(nil, "DE.CARLA") == carla)
        }
    }

    @Test func onlyTheCompanysOwnWorkMay() async throws {
        try await ChannelBench.with { bench in
            await #expect(throws: Forbidden.self) {
                try await bench.stores.contacts.resolve(
                    bench.owner, bench.opened.channel, ContactSighting(waId: "1", seenAt: Date()))
            }
            await #expect(throws: Forbidden.self) {
                try await bench.stores.contacts.link(bench.owner, of: .v7())
            }
        }
    }

    @Test func aDeletedConversationIsFollowedByANewOne() async throws {
        try await ChannelBench.with { bench in
            let first = try await bench.conversation()
            try await bench.conversations.delete(first, in: bench.owner)
            let second = try await bench.conversation()
            #expect(second != first)
            #expect(try await bench.conversation() == second)
        }
    }
}
