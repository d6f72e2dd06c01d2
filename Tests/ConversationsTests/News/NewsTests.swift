import Foundation
import Mongo
import Tenancy
import TestSupport
import Testing

@testable import Conversations

/// Marks of what the company's programs are still to be told.
@Suite struct NewsTests {
    private static func watching(_ bench: Bench) -> ConversationStore {
        ConversationStore(
            client: bench.store.client, database: bench.database, logger: Bench.quiet, isWatched: { _ in true })
    }

    /// What is told of one company.
    private static func news(_ store: ConversationStore, _ scope: TenantScope) async throws -> [News] {
        try await store.news().filter { $0.companyId == scope.companyId }
    }

    @Test("Every change of what is the company's is marked with it, in its order, until it is settled")
    func marks() async throws {
        try await Bench.with { bench in
            let (store, scope) = (Self.watching(bench), bench.worker)
            let draft = ConversationDraft(
                platform: .web, message: MessageDraft(role: .customer, content: "one"))
            let made = try await store.create(draft, in: scope)
            let id = made.conversation.id
            let second = try await store.append(MessageDraft(role: .customer, content: "two"), to: id, in: scope)
                .message
            _ = try await store.edit(second.id, of: id, MessageEdit(content: "2"), in: scope)
            _ = try await store.delete(message: second.id, of: id, in: scope)
            _ = try await store.update(id, ConversationChange(title: .set("T")), in: scope)
            _ = try await store.giveControl(of: id, to: "agent:sales", in: scope)
            let news = try await Self.news(store, scope)
            #expect(news.map(\.messageId) == [nil, made.message?.id, second.id])
            #expect(
                news.map { $0.entries.map(\.kind) } == [
                    [.created, .updated, .updated], [.created], [.created, .updated, .deleted],
                ])
            // Read again, they are the same, ids and all.
            #expect(try await Self.news(store, scope) == news)
            try await store.settle(news)
            // What a majority has is read, which may have it a moment later.
            try await eventually("they are settled") { try await Self.news(store, scope) == [] }
            try await store.delete(id, in: scope)
            try await eventually("the end is marked") {
                try await Self.news(store, scope).map { $0.entries.map(\.kind) } == [[.deleted]]
            }
        }
    }

    @Test("What changes once more before it is settled is told again, with what it was told before")
    func race() async throws {
        try await Bench.with { bench in
            let (store, scope) = (Self.watching(bench), bench.worker)
            let id = try await store.create(ConversationDraft(platform: .web), in: scope).conversation.id
            let message = try await store.append(MessageDraft(role: .customer, content: "one"), to: id, in: scope)
                .message
            let early = try await Self.news(store, scope)
            _ = try await store.edit(message.id, of: id, MessageEdit(content: "1"), in: scope)
            try await store.settle(early)
            var late: [News] = []
            try await eventually("the conversation's are settled") {
                late = try await Self.news(store, scope)
                return late.map(\.messageId) == [message.id]
            }
            #expect(late.first?.entries.map(\.kind) == [.created, .updated])
            #expect(late.first?.entries.first == early.last?.entries.first)
        }
    }

    @Test("Nothing is marked for those who do not want it, nor of what is one person's own")
    func unmarked() async throws {
        try await Bench.with { bench in
            let quiet = bench.store
            let id = try await quiet.create(ConversationDraft(platform: .web), in: bench.worker).conversation.id
            let message = try await quiet.append(MessageDraft(role: .customer, content: "a"), to: id, in: bench.worker)
                .message
            _ = try await quiet.edit(message.id, of: id, MessageEdit(content: "b"), in: bench.worker)
            let store = Self.watching(bench)
            let member = bench.member
            let thread = try await store.thread(in: member)
            _ = try await store.append(MessageDraft(role: .user, content: "mine"), to: thread.id, in: member)
            _ = try await store.update(thread.id, ConversationChange(title: .set("T")), in: member)
            #expect(try await Self.news(store, bench.worker) == [])
            #expect(try await Self.news(store, member) == [])
        }
    }
}
