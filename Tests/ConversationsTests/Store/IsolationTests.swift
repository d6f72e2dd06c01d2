import Foundation
import Testing

@testable import Conversations
@testable import Tenancy

@Suite struct IsolationTests {
    typealias Call = @Sendable (ConversationStore, UUID, UUID, TenantScope) async throws -> Void

    /// Every method that takes a conversation.
    static let calls: [(name: String, run: Call)] = [
        ("get", { store, id, _, scope in _ = try await store.get(id, in: scope) }),
        ("conversation", { store, id, _, scope in _ = try await store.conversation(id, in: scope) }),
        ("update", { store, id, _, scope in _ = try await store.update(id, .init(title: .set("x")), in: scope) }),
        (
            "update at version",
            { store, id, _, scope in _ = try await store.update(id, .init(), ifVersion: 1, in: scope) }
        ),
        ("messages", { store, id, _, scope in _ = try await store.messages(of: id, in: scope) }),
        ("after", { store, id, _, scope in _ = try await store.messages(of: id, at: .after(0), in: scope) }),
        ("message", { store, id, message, scope in _ = try await store.message(message, of: id, in: scope) }),
        (
            "edit",
            { store, id, message, scope in
                _ = try await store.edit(message, of: id, MessageEdit(content: "x"), in: scope)
            }
        ),
        (
            "delete message",
            { store, id, message, scope in _ = try await store.delete(message: message, of: id, in: scope) }
        ),
        (
            "append",
            { store, id, _, scope in
                _ = try await store.append(MessageDraft(role: .customer, content: "x"), to: id, in: scope)
            }
        ),
        ("delete", { store, id, _, scope in try await store.delete(id, in: scope) }),
    ]

    @Test func whoMayNotSeeItGetsWhatNobodyHas() async throws {
        try await Bench.with { bench in
            let owner = UUID(), customer = UUID()
            let mine = bench.member(owner)
            let shared = try await bench.store.create(
                ConversationDraft(customerId: customer, message: .text("hi")), in: mine)
            let own = try await bench.store.create(ConversationDraft(message: .text("secret")), in: mine)
            #expect(own.conversation.platform == .internal)
            #expect(shared.conversation.platform == .web)
            let foreign: [(String, CreatedConversation, TenantScope)] = [
                ("another company", shared, bench.member(owner, company: UUID())),
                ("another company's job", shared, .forJob(companyId: UUID())),
                ("another company, own", own, bench.member(owner, company: UUID())),
                ("another member", own, bench.member),
                ("a key", own, bench.key),
                ("a visitor", own, bench.visitor(customer)),
                ("another visitor", shared, bench.visitor(UUID())),
            ]
            for (who, created, scope) in foreign {
                let message = try #require(created.message)
                // The caches know the conversation; knowing it must not help.
                _ = try await bench.store.get(created.conversation.id, in: mine)
                for (name, call) in Self.calls {
                    let absent = await #expect(throws: NotFound.self, "\(name), nothing") {
                        try await call(bench.store, UUID(), UUID(), scope)
                    }
                    let hidden = await #expect(throws: NotFound.self, "\(name) by \(who)") {
                        try await call(bench.store, created.conversation.id, message.id, scope)
                    }
                    #expect(absent == hidden, "\(name) by \(who)")
                }
                let listed = try await bench.store.list(in: scope)
                #expect(!listed.items.contains { $0.id == created.conversation.id }, "list by \(who)")
            }
            for (created, scope) in [
                (shared, mine), (shared, bench.member), (shared, bench.key), (shared, bench.visitor(customer)),
                (own, mine), (shared, bench.worker), (own, bench.worker),
            ] {
                let details = try await bench.store.get(created.conversation.id, in: scope)
                #expect(details.conversation == created.conversation, "untouched by all of that")
                #expect(details.lastMessage == created.message)
            }
        }
    }

    @Test func aMessageIsFoundOnlyInItsConversation() async throws {
        try await Bench.with { bench in
            let one = try await bench.conversation(), two = try await bench.conversation()
            let message = try await bench.store.append(.text("x"), to: one.id, in: bench.member).message
            for (_, call) in Self.calls.filter({ ["message", "edit", "delete message"].contains($0.name) }) {
                await #expect(throws: NotFound("message")) {
                    try await call(bench.store, two.id, message.id, bench.member)
                }
            }
        }
    }

    @Test func aVisitorWritesOnlyAsCustomerAndChangesOnlyItsOwn() async throws {
        try await Bench.with { bench in
            let customer = UUID()
            let visitor = bench.visitor(customer)
            let made = try await bench.store.create(ConversationDraft(customerId: UUID(), platform: .web), in: visitor)
            #expect(made.conversation.customerId == customer, "whatever it says")
            let id = made.conversation.id
            for role in MessageRole.allCases where role != .customer {
                await #expect(throws: Forbidden.self) {
                    try await bench.store.append(MessageDraft(role: role, content: "x"), to: id, in: visitor)
                }
            }
            let own = try await bench.store.append(MessageDraft(role: .customer, content: "x"), to: id, in: visitor)
            let other = try await bench.store.append(.text("y"), to: id, in: bench.member)
            await #expect(throws: Forbidden.self) {
                try await bench.store.edit(other.message.id, of: id, MessageEdit(content: "z"), in: visitor)
            }
            await #expect(throws: Forbidden.self) {
                try await bench.store.delete(message: other.message.id, of: id, in: visitor)
            }
            #expect(try await bench.store.edit(own.message.id, of: id, .init(content: "z"), in: visitor).content == "z")
            let list = try await bench.store.list(ConversationFilter(customerId: UUID()), in: visitor)
            #expect(list.items.isEmpty, "asking for another customer finds nothing")
            #expect(try await bench.store.list(.init(customerId: customer), in: visitor).items.count == 1)
        }
    }

    @Test func aKeyHasNoThreadOfItsOwn() async throws {
        try await Bench.with { bench in
            await #expect(throws: InvalidFields.self) {
                try await bench.store.create(ConversationDraft(platform: .internal), in: bench.key)
            }
            await #expect(throws: Forbidden.self) { try await bench.store.thread(in: bench.key) }
            #expect(try await bench.store.create(ConversationDraft(), in: bench.key).conversation.platform == .api)
            let internalOne = try await bench.store.create(
                ConversationDraft(customerId: UUID(), platform: .internal), in: bench.key)
            #expect(internalOne.conversation.owner == .company, "with a customer it is the company's")
        }
    }
}
