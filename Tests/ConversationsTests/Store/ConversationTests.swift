import Foundation
import Mongo
import Testing

@testable import Conversations
@testable import Tenancy

@Suite struct ConversationTests {
    @Test func aConversationAndItsFirstMessageAreMadeTogetherOnce() async throws {
        try await Bench.with { bench in
            let scope = bench.member
            let draft = ConversationDraft(
                id: .v7(), title: "T", platform: .web, metadata: ["mine": 1, "messageCount": 99],
                message: .text("first", id: .v7()))
            let made = try await bench.store.create(draft, in: scope)
            #expect(made.message?.seq == 1)
            #expect(made.conversation.messageCount == 1)
            #expect(made.conversation.attributes == ["mine": 1])
            let again = try await bench.store.create(draft, in: scope)
            #expect(again.replayed)
            #expect(again.message == made.message)
            #expect(again.conversation == made.conversation)
            await #expect(throws: StoreConflict.self) {
                try await bench.store.create(draft, in: bench.member(UUID(), company: UUID()))
            }
            let next = try await bench.store.append(.text("second"), to: made.conversation.id, in: scope)
            #expect(next.message.seq == 2)
            #expect(try await bench.store.conversations.count() == 1)
        }
    }

    @Test func anInvalidFirstMessageLeavesNothingBehind() async throws {
        try await Bench.with { bench in
            let long = String(repeating: "x", count: MessageDraft.maximumContentBytes + 1)
            await #expect(throws: InvalidFields.self) {
                try await bench.store.create(ConversationDraft(message: .text(long)), in: bench.member)
            }
            let taken = try await bench.store.create(
                ConversationDraft(platform: .web, message: .text("x")), in: bench.member)
            // The message's id is taken: the conversation made in the same transaction is taken back.
            await #expect(throws: (any Error).self) {
                let draft = ConversationDraft(platform: .web, message: .text("x", id: taken.message?.id))
                _ = try await bench.store.create(draft, in: bench.member)
            }
            #expect(try await bench.store.conversations.count() == 1)
        }
    }

    @Test func anUpdateChangesWhatItSaysAndCounts() async throws {
        try await Bench.with { bench in
            let scope = bench.member
            let made = try await bench.conversation()
            let assignee = UUID()
            let change = ConversationChange(
                title: .set("New"), status: .archived, metadata: ["$a.b": 1, "status": "forged"],
                assignee: .set(assignee), agent: .set("sales"))
            let changed = try await bench.store.update(made.id, change, ifVersion: 1, in: scope)
            #expect(changed.title == "New")
            #expect(changed.status == .archived)
            #expect(changed.attributes == ["$a.b": 1])
            #expect(changed.assignee == assignee)
            #expect(changed.agent == "sales")
            #expect(changed.version == 2)
            await #expect(throws: VersionMismatch(current: 2)) {
                try await bench.store.update(made.id, ConversationChange(), ifVersion: 1, in: scope)
            }
            let emptied = try await bench.store.update(
                made.id, .init(title: .set(nil), metadata: [:], assignee: .set(nil)), in: scope)
            #expect(emptied.title == nil)
            #expect(emptied.attributes.isEmpty)
            #expect(emptied.assignee == nil)
            #expect(emptied.agent == "sales")
            #expect(emptied.status == .archived)
            await #expect(throws: InvalidFields.self) {
                try await bench.store.update(made.id, .init(title: .set(String(repeating: "x", count: 201))), in: scope)
            }
        }
    }

    @Test func oneOfManyGuardedUpdatesWins() async throws {
        try await Bench.with { bench in
            let made = try await bench.conversation()
            let wins = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<20 {
                    group.addTask {
                        let change = ConversationChange(title: .set("\(number)"))
                        return (try? await bench.store.update(made.id, change, ifVersion: 1, in: bench.member)) != nil
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(wins == 1)
        }
    }

    @Test func aUserHasOneThreadHoweverOftenItIsAskedFor() async throws {
        try await Bench.with(stores: 2) { bench in
            let user = UUID()
            func threads() async throws -> Set<UUID> {
                try await withThrowingTaskGroup(of: UUID.self) { group in
                    for number in 0..<20 {
                        group.addTask { try await bench.stores[number % 2].thread(in: bench.member(user)).id }
                    }
                    return try await group.reduce(into: []) { $0.insert($1) }
                }
            }
            let first = try await threads()
            #expect(first.count == 1)
            #expect(try await bench.store.thread(in: bench.member).id != first.first, "another user has another one")
            let id = try #require(first.first)
            try await bench.store.delete(id, in: bench.member(user))
            let second = try await threads()
            #expect(second.count == 1)
            #expect(second != first, "a new one after the old one was deleted")
        }
    }

    @Test func aMessageKeepsItsPlaceThroughEditAndDeletion() async throws {
        try await Bench.with { bench in
            let scope = bench.member
            let conversation = try await bench.conversation()
            let draft = MessageDraft(
                role: .user, content: "one", clientMessageId: "c", reasoning: "r", functionCalls: [1],
                functionOutputs: [2], metadata: ["a": 1])
            let sent = try await bench.store.append(draft, to: conversation.id, in: scope).message
            _ = try await bench.store.append(.text("two"), to: conversation.id, in: scope)
            let edited = try await bench.store.edit(
                sent.id, of: conversation.id, .init(content: "uno", metadata: ["$set": 1]), in: scope)
            #expect(edited.seq == 1)
            #expect(edited.content == "uno")
            #expect(edited.metadata == ["$set": 1])
            #expect(edited.editedAt != nil)
            #expect(edited.reasoning == "r")
            let deleted = try await bench.store.delete(message: sent.id, of: conversation.id, in: scope)
            #expect(deleted.seq == 1)
            #expect(deleted.content.isEmpty)
            #expect(deleted.deletedAt != nil)
            #expect(deleted.reasoning == nil && deleted.functionCalls == nil && deleted.functionOutputs == nil)
            #expect(deleted.metadata.isEmpty)
            #expect(try await bench.store.delete(message: sent.id, of: conversation.id, in: scope) == deleted)
            await #expect(throws: StoreConflict.self) {
                try await bench.store.edit(sent.id, of: conversation.id, .init(content: "x"), in: scope)
            }
            #expect(try await bench.all(conversation.id).map(\.seq) == [1, 2])
            let again = try await bench.store.append(draft, to: conversation.id, in: scope)
            #expect(again == Appended(message: deleted, replayed: true), "a repeat does not bring it back")
            let kinds = bench.events.all.compactMap { event -> String? in
                switch event.change {
                case .messageUpdated: "updated"
                case .messageDeleted: "deleted"
                default: nil
                }
            }
            #expect(kinds == ["updated", "deleted"], "deleting again tells nothing")
        }
    }

    @Test func aConversationWhoseMetadataFellBehindIsPutRight() async throws {
        try await Bench.with { bench in
            let scope = bench.member
            let conversation = try await bench.conversation()
            let sent = try await bench.store.append(.text("x"), to: conversation.id, in: scope).message
            // As if the process had ended between message and metadata.
            try await bench.store.conversations.update(
                one: ["_id": .uuid(conversation.id)],
                ["$set": ["metadata.messageCount": 0], "$unset": ["metadata.lastMessageAt": 1]])
            let seen = try await bench.store.get(conversation.id, in: scope).conversation
            #expect(seen.messageCount == 1)
            #expect(seen.lastMessageAt == sent.timestamp)
            #expect(try await bench.store.list(in: scope).items.map(\.messageCount) == [1])
        }
    }

    @Test func theSchemaCanBeAppliedByManyAtOnceAndAgain() async throws {
        try await Bench.with { bench in
            let fresh = bench.store.client.database(bench.database.name + "_schema")
            do {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<4 { group.addTask { try await ConversationSchema.apply(fresh) } }
                    try await group.waitForAll()
                }
                try await ConversationSchema.apply(fresh)
                let indexes = try await fresh.collection("messages").listIndexes()
                #expect(
                    Set(indexes.compactMap { $0.string("name") }) == [
                        "_id_", "seq", "clientMessageId", "pendingRouting", "traces", "pendingDelivery", "replyOfTurn",
                        "news",
                    ])
                for index in indexes where index.string("name") != "_id_" {
                    #expect(index.document("key")?.keys.prefix(2) == ["companyId", "conversationId"])
                }
                for index in try await fresh.collection("conversations").listIndexes()
                where index.string("name") != "_id_" {
                    #expect(index.document("key")?.keys.first == "companyId")
                }
                await #expect(throws: MongoError.self) {
                    try await fresh.collection("messages").insert(["_id": .uuid(UUID()), "seq": "one"])
                }
                try await fresh.drop()
            } catch {
                try await fresh.drop()
                throw error
            }
        }
    }
}
