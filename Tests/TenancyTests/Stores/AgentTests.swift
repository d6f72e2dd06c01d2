import Foundation
import JSON
import Postgres
import TestSupport
import Testing

@testable import Tenancy

@Suite struct AgentTests {
    @Test func remembersFindsListsAndForgets() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let wifi = try await world.memories.save(ana.scope, "The wifi password of the café is hunter2")
            let bike = try await world.memories.save(ana.scope, "My bicycles are in the cellar")
            #expect(try await world.memories.search(ana.scope, "what is the WIFI password?") == [wifi])
            #expect(try await world.memories.search(ana.scope, "cafe") == [wifi])
            #expect(try await world.memories.search(ana.scope, "where is my bicycle?") == [bike])
            #expect(try await world.memories.search(ana.scope, "unter2") == [wifi], "also inside of words")
            #expect(try await world.memories.search(ana.scope, "").isEmpty)
            #expect(try await world.memories.list(ana.scope).items == [bike, wifi])
            let again = try await world.memories.save(ana.worker, "changed", id: wifi.id, subject: .user(ana.user.id))
            #expect(again == wifi, "a turn that is run twice remembers once")
            try await world.memories.forget(ana.scope, wifi.id)
            await #expect(throws: NotFound.self) { try await world.memories.forget(ana.scope, wifi.id) }
            #expect(try await world.memories.forgetAll(ana.scope) == 1)
            await #expect(throws: InvalidFields.self) {
                try await world.memories.save(ana.scope, String(repeating: "x", count: 2001))
            }
            await #expect(throws: NotFound.self) {
                try await world.memories.save(ana.worker, "x", subject: .user(.v7()))
            }
            await #expect(throws: Forbidden.self) { try await world.memories.list(ana.worker) }
        }
    }

    @Test func stateIsReplacedAndGuarded() async throws {
        try await World.with { world in
            let ana = try await world.register()
            #expect(try await world.states.find(ana.scope, agent: "sales") == nil)
            let first = try await world.states.put(ana.scope, agent: "sales", ["step": 1], ifVersion: 0)
            #expect(first.version == 1)
            let second = try await world.states.put(ana.scope, agent: "sales", ["step": 2], ifVersion: 1)
            #expect(second.state == ["step": 2] && second.version == 2)
            await #expect(throws: VersionMismatch(current: 2)) {
                try await world.states.put(ana.scope, agent: "sales", [:], ifVersion: 1)
            }
            #expect(try await world.states.find(ana.worker, agent: "sales", subject: .user(ana.user.id)) == second)
            #expect(try await world.states.find(ana.scope, agent: "mem") == nil)
            try await world.states.delete(ana.scope, agent: "sales")
            try await world.states.delete(ana.scope, agent: "sales")
            #expect(try await world.states.find(ana.scope, agent: "sales") == nil)
        }
    }

    @Test func aTurnIsLoggedOnce() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let conversation = UUID.v7()
            let trigger = UUID.v7()
            let log = AgentLog(
                agentName: "sales", conversationId: conversation, triggerMessageId: trigger, state: .failed,
                model: "m", promptTokens: 3, latencyMs: 12, toolCalls: [["name": "search"]],
                error: String(repeating: "e", count: 2000) + "\0")
            #expect(try await world.logs.insert(ana.worker, log))
            #expect(try await !world.logs.insert(ana.worker, log))
            var twin = log
            twin.id = .v7()
            #expect(try await !world.logs.insert(ana.worker, twin), "same trigger, same agent")
            twin.agentName = "mem"
            #expect(try await world.logs.insert(ana.worker, twin))
            await #expect(throws: Forbidden.self) { try await world.logs.insert(ana.scope, log) }
            let all = try await world.logs.list(ana.scope).items
            #expect(all.map(\.agentName) == ["mem", "sales"])
            #expect(all.last?.error?.count == 1000 && all.last?.toolCalls == [["name": "search"]])
            #expect(try await world.logs.list(ana.scope, agent: "sales", conversationId: conversation).items.count == 1)
            let page = try await world.logs.list(ana.scope, page: PageRequest(limit: 1))
            let next = try await world.logs.list(ana.scope, page: PageRequest(limit: 1, cursor: page.nextCursor))
            #expect(next.items.map(\.agentName) == ["sales"] && next.nextCursor == nil)
        }
    }

    @Test func whoLeavesTakesTheirMemoriesAlong() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let joe = try await world.join(ana, as: .member)
            _ = try await world.memories.save(joe.scope, "mine")
            _ = try await world.states.put(joe.scope, agent: "mem", ["a": 1])
            try await world.members.remove(ana.scope, joe.user.id)
            #expect(try await world.memories.list(ana.worker, subject: .user(joe.user.id)).items.isEmpty)
            #expect(try await world.states.find(ana.worker, agent: "mem", subject: .user(joe.user.id)) == nil)
        }
    }
}
