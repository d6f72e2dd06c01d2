import Foundation
import Mongo
import Synchronization
import TestSupport
import Testing

@testable import Conversations
@testable import Tenancy

/// MongoDB is killed, frozen and made to lie. One server of the test's own at a time.
@Suite(.serialized) struct CrashTests {
    static var configuration: ConversationConfiguration {
        var configuration = ConversationConfiguration()
        configuration.waitingTime = .seconds(3)
        configuration.lookupTime = .seconds(3)
        return configuration
    }

    /// What a client does that wants a message stored: it repeats while it is told to.
    static func insist(
        _ store: ConversationStore, _ draft: MessageDraft, to id: UUID, in scope: TenantScope
    ) async throws -> Message {
        for _ in 0..<300 {
            do {
                return try await store.append(draft, to: id, in: scope).message
            } catch let error as ConversationError where error.isUnavailable {
            } catch let error as MongoError where error.isUnavailable {
            }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw ConversationError.unavailable("MongoDB never came back")
    }

    @Test(.timeLimit(.minutes(5)))
    func killedInTheMiddleOfAppendsNothingAcknowledgedIsLostOrDoubled() async throws {
        try await OwnMongo.with { server in
            try await Bench.with(
                stores: 2, uri: server.uri, configuration: Self.configuration, timeout: .seconds(5), isDropped: false
            ) { bench in
                let scope = bench.member
                var ids: [UUID] = []
                for _ in 0..<3 { ids.append(try await bench.conversation().id) }
                let conversations = ids
                let ledger = Ledger()
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for writer in 0..<12 {
                        group.addTask {
                            var number = 0
                            while !ledger.isClosed || number < 20 {
                                number += 1
                                // Every third writer's messages have no id of its own; it does not repeat them.
                                let client = writer % 3 == 0 ? nil : "\(writer)-\(number)"
                                let draft = MessageDraft.text("\(writer)", client: client)
                                let store = bench.stores[writer % 2]
                                let id = conversations[writer % 3]
                                if client != nil {
                                    let message = try await Self.insist(store, draft, to: id, in: scope)
                                    ledger.add(message)
                                } else if let message = try? await store.append(draft, to: id, in: scope).message {
                                    ledger.add(message)
                                } else {
                                    try await Task.sleep(for: .milliseconds(100))
                                }
                            }
                        }
                    }
                    for _ in 0..<2 {
                        let before = ledger.all.count
                        try await eventually("messages come in", within: 60) { ledger.all.count > before + 100 }
                        await server.kill()
                        try await Task.sleep(for: .milliseconds(500))
                        try await server.start()
                    }
                    ledger.close()
                    try await group.waitForAll()
                }
                var stored: [UUID: Message] = [:]
                for id in conversations {
                    let messages = try await bench.all(id)
                    #expect(messages.map(\.seq) == Array(1..<messages.count + 1))
                    let clientIds = messages.compactMap(\.clientMessageId)
                    #expect(Set(clientIds).count == clientIds.count)
                    for message in messages { stored[message.id] = message }
                }
                let promised = ledger.all
                #expect(promised.count > 200)
                #expect(Set(promised.map(\.id)).count == promised.count)
                for message in promised { #expect(stored[message.id] == message) }
            }
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func lostAnswersAreLookedUp() async throws {
        try await OwnMongo.with { server in
            try await Bench.with(
                uri: server.uri, configuration: Self.configuration, timeout: .seconds(5), isDropped: false
            ) { bench in
                let scope = bench.member
                let id = try await bench.conversation().id
                _ = try await bench.store.append(.text("1"), to: id, in: scope)
                // The insert happens, its confirmation does not: found, and acknowledged.
                try await fail(
                    bench, ["writeConcernError": ["code": .int32(64), "errmsg": "waiting timed out"]], times: 1)
                let found = try await bench.store.append(.text("2", client: "two"), to: id, in: scope)
                #expect(found.message.seq == 2)
                #expect(!found.replayed)
                // The insert does not happen, at the first try and at the driver's own second one.
                try await fail(bench, ["closeConnection": true], times: 2)
                await #expect(throws: ConversationError.outcomeUnknown) {
                    try await bench.store.append(.text("3", client: "three"), to: id, in: scope)
                }
                let three = try await bench.store.append(.text("3", client: "three"), to: id, in: scope)
                #expect(three.message.seq == 3)
                let again = try await bench.store.append(.text("2", client: "two"), to: id, in: scope)
                #expect(again == Appended(message: found.message, replayed: true))
                #expect(try await bench.all(id).map(\.seq) == [1, 2, 3])
                #expect(bench.events.appended.map(\.seq) == [1, 2, 3])

                // The metadata cannot be written: the message counts all the same, and the metadata follows.
                try await fail(bench, ["closeConnection": true], times: 2, command: "update")
                #expect(try await bench.store.append(.text("4"), to: id, in: scope).message.seq == 4)
                #expect(
                    try await bench.store.list(in: scope).items.map(\.messageCount) == [4],
                    "a list writes what is behind first")
                let other = try await bench.conversation().id
                _ = try await bench.store.append(.text("elsewhere"), to: other, in: scope)
                #expect(try await bench.store.list(in: scope).items.map(\.messageCount) == [1, 4])
            }
        }
    }

    /// A server that answers nothing is an answer in bounded time, and when it goes on, so do the appends.
    @Test(.timeLimit(.minutes(2)))
    func aFrozenServerIsAnAnswer() async throws {
        try await OwnMongo.with { server in
            try await Bench.with(
                uri: server.uri, configuration: Self.configuration, timeout: .seconds(3), isDropped: false
            ) { bench in
                let scope = bench.member
                let id = try await bench.conversation().id
                _ = try await bench.store.append(.text("1"), to: id, in: scope)
                server.freeze()
                let start = ContinuousClock.now
                let failures = await withTaskGroup(of: Bool.self) { group in
                    for number in 0..<20 {
                        group.addTask {
                            let draft = MessageDraft.text("\(number)", client: "\(number)")
                            do {
                                _ = try await bench.store.append(draft, to: id, in: scope)
                                return false
                            } catch {
                                return (error as? ConversationError)?.isUnavailable ?? false
                            }
                        }
                    }
                    return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
                }
                #expect(failures == 20)
                #expect(ContinuousClock.now - start < .seconds(15))
                server.thaw()
                for number in 0..<20 {
                    let draft = MessageDraft.text("\(number)", client: "\(number)")
                    _ = try await Self.insist(bench.store, draft, to: id, in: scope)
                }
                let messages = try await bench.all(id)
                #expect(messages.map(\.seq) == Array(1...21))
                #expect(Set(messages.compactMap(\.clientMessageId)).count == 20)
            }
        }
    }

    func fail(_ bench: Bench, _ how: BSONDocument, times: Int64, command: String = "insert") async throws {
        var data: BSONDocument = ["failCommands": [.string(command)]]
        for (key, value) in how { data.append(key, value) }
        _ = try await bench.store.client.database("admin").command([
            "configureFailPoint": "failCommand", "mode": ["times": .int64(times)], "data": .document(data),
        ])
    }
}

/// The messages that were acknowledged.
final class Ledger: Sendable {
    private let state = Mutex<(messages: [Message], isClosed: Bool)>(([], false))

    var all: [Message] { state.withLock { $0.messages } }
    var isClosed: Bool { state.withLock { $0.isClosed } }

    func add(_ message: Message) { state.withLock { $0.messages.append(message) } }
    func close() { state.withLock { $0.isClosed = true } }
}
