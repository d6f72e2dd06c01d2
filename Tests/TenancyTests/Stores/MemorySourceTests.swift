import Foundation
import JSON
import Postgres
import TestSupport
import Testing

@testable import Tenancy

/// What is remembered because of a message goes with it, and nothing else does.
@Suite struct MemorySourceTests {
    private func origin(_ conversation: UUID = .v7()) -> MemoryOrigin {
        MemoryOrigin(conversationId: conversation, messageId: .v7())
    }

    private func texts(_ world: World, _ tenant: World.Tenant) async throws -> Set<String> {
        Set(try await world.memories.list(tenant.scope).items.map(\.text))
    }

    @Test func goesWithItsOnlyMessage() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let (first, second) = (origin(), origin())
            let saved = try await world.memories.save(ana.scope, MemoryDraft("the parcel is blue", origin: first))
            #expect(saved.origin == first)
            _ = try await world.memories.save(ana.scope, MemoryDraft("the van is red", origin: second))
            _ = try await world.memories.save(ana.scope, "said to nobody")
            #expect(try await world.memories.forget(ana.worker, messages: [first.messageId]) == 1)
            #expect(try await texts(world, ana) == ["the van is red", "said to nobody"])
            #expect(try await world.memories.forget(ana.worker, messages: [first.messageId]) == 0, "again")
            #expect(try await world.memories.forget(ana.worker, conversations: [second.conversationId]) == 1)
            #expect(try await texts(world, ana) == ["said to nobody"])
            await #expect(throws: Forbidden.self) {
                try await world.memories.forget(ana.scope, messages: [second.messageId])
            }
        }
    }

    @Test func staysWhileAnotherMessageSaysIt() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let both = [origin(), origin()].sorted { $0.messageId.lowercased < $1.messageId.lowercased }
            let (first, second) = (both[0], both[1])
            let id = try await world.memories.save(ana.scope, MemoryDraft("blue", origin: first)).id
            try await world.memories.note(second, of: id, ana.scope)
            #expect(try await world.memories.get(ana.scope, id).origin == second, "the newest is shown")
            #expect(try await world.memories.forget(ana.worker, messages: [second.messageId]) == 0)
            #expect(try await world.memories.get(ana.scope, id).origin == first)
            #expect(try await world.memories.forget(ana.worker, messages: [first.messageId]) == 1)
            // What somebody typed in by hand does not come to depend on a message that repeats it.
            let own = try await world.memories.save(ana.scope, "by hand").id
            try await world.memories.note(first, of: own, ana.scope)
            #expect(try await world.memories.get(ana.scope, own).origin == nil)
            // The newest messages are noted, so many and no more.
            let much = try await world.memories.save(ana.scope, MemoryDraft("often", origin: first)).id
            for _ in 0..<12 { try await world.memories.note(origin(), of: much, ana.scope) }
            let count = try await world.client.query(
                "SELECT count(*) AS count FROM memory_sources", settings: ana.scope.settings)
            #expect(try count.one().get("count", as: Int.self) == MemoryStore.origins)
        }
    }

    @Test func goesWhenItsLastTwoMessagesGoAtTheSameMoment() async throws {
        try await World.with { world in
            let ana = try await world.register()
            for number in 0..<20 {
                let (first, second) = (origin(), origin())
                let id = try await world.memories.save(ana.scope, MemoryDraft("fact \(number)", origin: first)).id
                try await world.memories.note(second, of: id, ana.scope)
                async let one = world.memories.forget(ana.worker, messages: [first.messageId])
                async let two = world.memories.forget(ana.worker, messages: [second.messageId])
                let gone = try await (one, two)
                #expect(gone.0 + gone.1 == 1)
            }
            #expect(try await texts(world, ana).isEmpty)
        }
    }

    @Test func whatAPersonHasTouchedStays() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let message = origin()
            let edited = try await world.memories.save(ana.scope, MemoryDraft("edited", origin: message)).id
            let pinned = try await world.memories.save(ana.scope, MemoryDraft("pinned", origin: message)).id
            _ = try await world.memories.save(ana.scope, MemoryDraft("left alone", origin: message))
            _ = try await world.memories.update(ana.scope, edited, MemoryPatch(text: .set("corrected")))
            _ = try await world.memories.update(ana.scope, pinned, MemoryPatch(pinned: .set(true)))
            #expect(try await world.memories.forget(ana.worker, messages: [message.messageId]) == 1)
            #expect(try await texts(world, ana) == ["corrected", "pinned"])
            #expect(try await world.memories.get(ana.scope, edited).origin == nil, "the message is not named any more")
        }
    }

    @Test func isNobodyElses() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let joe = try await world.join(ana, as: .member)
            let eve = try await world.register("Eve")
            // The same id in another company, and another message of a colleague.
            let message = origin()
            _ = try await world.memories.save(ana.scope, MemoryDraft("Ana's", origin: message))
            _ = try await world.memories.save(joe.scope, MemoryDraft("Joe's", origin: origin(message.conversationId)))
            _ = try await world.memories.save(eve.scope, MemoryDraft("Eve's", origin: message))
            #expect(try await world.memories.forget(ana.worker, messages: [message.messageId]) == 1)
            #expect(try await texts(world, joe) == ["Joe's"])
            #expect(try await texts(world, eve) == ["Eve's"])
            // A colleague's memory is not given sources by somebody else.
            let joes = try #require(try await world.memories.list(joe.scope).items.first)
            try await world.memories.note(message, of: joes.id, ana.scope)
            #expect(try await world.memories.list(joe.scope).items == [joes])
        }
    }
}
