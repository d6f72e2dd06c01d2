import Foundation
import JSON
import Testing

@testable import Tenancy

@Suite struct EmailTests {
    private func draft(
        _ id: String, ago: Double = 0, parent: String? = nil, _ change: (inout EmailDraft) -> Void = { _ in }
    ) -> EmailDraft {
        var draft = EmailDraft(
            messageId: id, inReplyTo: parent, fromAddress: "Bob@Client.example", subject: "Offer",
            text: "The spring offer",
            date: Date(timeIntervalSince1970: 1_800_000_000 - ago))
        change(&draft)
        return draft
    }

    @Test func theSameMessageIdIsOneEmail() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let results = await concurrently(10) { number in
                try await world.emails.put(ana.scope, draft("<same@x>") { $0.subject = "Try \(number)" })
            }
            let stored = results.compactMap { $0.value }
            #expect(stored.count == 10 && stored.count { $0.isNew } == 1 && Set(stored.map(\.email.id)).count == 1)
            #expect(
                stored.first?.email.messageId == "same@x" && stored.first?.email.fromAddress == "bob@client.example")
            let own = try await world.emails.put(ana.scope, draft("same@x"), owner: ana.user.id)
            #expect(own.isNew, "another mailbox is another e-mail")
            for nothing in ["", "<>", " < > "] {
                await #expect(throws: InvalidFields.self) { _ = try await world.emails.put(ana.scope, draft(nothing)) }
            }
        }
    }

    @Test func repliesJoinTheirThreadInWhateverOrder() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let first = try await world.emails.put(ana.scope, draft("1@x", ago: 30)).email
            let second = try await world.emails.put(ana.scope, draft("2@x", ago: 20, parent: "<1@x>")).email
            let early = try await world.emails.put(ana.scope, draft("4@x", parent: "3@x")).email
            let late = try await world.emails.put(ana.scope, draft("3@x", ago: 10)).email
            let stranger = try await world.emails.put(ana.scope, draft("9@x")).email
            #expect(second.threadId == first.threadId && late.threadId == early.threadId)
            #expect(Set([first.threadId, late.threadId, stranger.threadId]).count == 3, "the subject joins nothing")
        }
    }

    @Test func membersSeeTheCompanysMailAndTheirOwn() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let joe = try await world.join(ana, as: .member)
            _ = try await world.emails.put(ana.scope, draft("1@x"))
            let own = try await world.emails.put(ana.scope, draft("2@x"), owner: ana.user.id).email
            let written = draft("3@x") {
                $0.direction = .outbound; $0.state = .draft
            }
            let unsent = try await world.emails.put(ana.worker, written, writer: ana.user.id).email
            let key = TenantScope(
                companyId: ana.scope.companyId, caller: .apiKey(id: .v7(), permissions: [.emailsRead, .emailsWrite]))
            #expect(try await world.emails.list(ana.scope).items.count == 3)
            #expect(try await world.emails.list(joe.scope).items.map(\.messageId) == ["1@x"])
            #expect(try await world.emails.list(key).items.map(\.messageId) == ["1@x"])
            for scope in [joe.scope, key] {
                for id in [own.id, unsent.id] {
                    await #expect(throws: NotFound("email")) { _ = try await world.emails.get(scope, id) }
                    await #expect(throws: NotFound("email")) {
                        _ = try await world.emails.advance(scope, id, to: .queued)
                    }
                }
            }
            let visitor = TenantScope(companyId: ana.scope.companyId, caller: .visitor(customerId: .v7()))
            await #expect(throws: Forbidden.self) { _ = try await world.emails.list(visitor) }
            await #expect(throws: InvalidFields.self) {
                _ = try await world.emails.put(joe.scope, draft("5@x"), owner: ana.user.id)
            }
            await #expect(throws: InvalidFields.self) {
                _ = try await world.emails.put(key, draft("5@x"), owner: UUID.v7())
            }
        }
    }

    @Test func listsPageAndSearch() async throws {
        try await World.with { world in
            let ana = try await world.register()
            for number in 0..<7 {
                _ = try await world.emails.put(
                    ana.scope, draft("\(number)@x", ago: Double(number / 2)) { $0.subject = "Offer \(number)" })
            }
            var seen: [String] = []
            var cursor: String?
            repeat {
                let page = try await world.emails.list(ana.scope, page: PageRequest(limit: 3, cursor: cursor))
                seen += page.items.map(\.messageId)
                cursor = page.nextCursor
            } while cursor != nil
            #expect(seen.count == 7 && Set(seen).count == 7 && Set(seen.prefix(2)) == ["0@x", "1@x"])
            let found = try await world.emails.list(
                ana.scope, search: EmailSearch("from:bob subject:\"offer 3\" spring"))
            #expect(found.items.map(\.messageId) == ["3@x"])
            _ = try await world.emails.mark(ana.scope, found.items[0].id, read: true)
            #expect(try await world.emails.list(ana.scope, search: EmailSearch("is:unread")).items.count == 6)
            #expect(try await world.emails.list(ana.scope, search: EmailSearch("to:nobody")).items.isEmpty)
        }
    }

    @Test func mailGoesItsWayForwardOnly() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let written = draft("1@x") {
                $0.direction = .outbound; $0.state = .draft
            }
            let id = try await world.emails.put(ana.worker, written, writer: ana.user.id).email.id
            await #expect(throws: StoreConflict.self) { _ = try await world.emails.advance(ana.scope, id, to: .sent) }
            #expect(try await world.emails.advance(ana.scope, id, to: .queued).state == .queued)
            #expect(try await world.emails.advance(ana.scope, id, to: .queued).version == 2)
            #expect(try await world.emails.advance(ana.scope, id, to: .failed).state == .failed)
            #expect(try await world.emails.advance(ana.scope, id, to: .sent).state == .sent)
            await #expect(throws: StoreConflict.self) { _ = try await world.emails.advance(ana.scope, id, to: .queued) }
        }
    }
}
