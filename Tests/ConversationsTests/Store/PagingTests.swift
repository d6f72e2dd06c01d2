import Foundation
import Mongo
import Testing

@testable import Conversations
@testable import Tenancy

@Suite struct PagingTests {
    @Test func messagesPageBothWaysWhileMoreCome() async throws {
        try await Bench.with(stores: 2) { bench in
            let scope = bench.member
            let conversation = try await bench.conversation()
            for number in 1...30 {
                _ = try await bench.store.append(.text("\(number)"), to: conversation.id, in: scope)
            }
            async let writing: Void = {
                for number in 31...60 {
                    _ = try await bench.stores[1].append(.text("\(number)"), to: conversation.id, in: scope)
                }
            }()
            var backward: [Int] = []
            var position: MessagePosition? = .latest
            while let at = position {
                let page = try await bench.store.messages(of: conversation.id, at: at, limit: 7, in: scope)
                #expect(page.messages.count <= 7)
                #expect(page.messages.map(\.seq) == page.messages.map(\.seq).sorted())
                backward = page.messages.map(\.seq) + backward
                position = page.next
            }
            #expect(backward.first == 1)
            #expect(backward == Array(1...(backward.last ?? 0)), "nothing twice, nothing left out")
            var forward: [Int] = []
            while forward.count < 60 {
                let page = try await bench.store.messages(
                    of: conversation.id, at: .after(forward.last ?? 0), limit: 7, in: scope)
                forward += page.messages.map(\.seq)
            }
            try await writing
            #expect(forward == Array(1...60))
        }
    }

    @Test func thePagesOfMessagesEndWhereTheyShould() async throws {
        try await Bench.with { bench in
            let scope = bench.member
            let conversation = try await bench.conversation()
            let id = conversation.id
            #expect(try await bench.store.messages(of: id, in: scope) == MessagePage(messages: [], next: nil))
            for number in 1...4 { _ = try await bench.store.append(.text("\(number)"), to: id, in: scope) }
            func page(_ position: MessagePosition, _ limit: Int) async throws -> ([Int], MessagePosition?) {
                let page = try await bench.store.messages(of: id, at: position, limit: limit, in: scope)
                return (page.messages.map(\.seq), page.next)
            }
            #expect(try await page(.latest, 4) == ([1, 2, 3, 4], nil))
            #expect(try await page(.latest, 3) == ([2, 3, 4], .before(2)))
            #expect(try await page(.before(2), 3) == ([1], nil))
            #expect(try await page(.before(1), 3) == ([], nil))
            #expect(try await page(.after(1), 2) == ([2, 3], .after(3)))
            #expect(try await page(.after(3), 2) == ([4], nil))
            #expect(try await page(.after(4), 2) == ([], nil))
            #expect(try await page(.after(-5), 0).0 == [1], "a limit outside 1–200 is brought inside")
            #expect(try await page(.after(.max), 200).0 == [])
        }
    }

    @Test func theListFiltersAndSorts() async throws {
        try await Bench.with { bench in
            let me = UUID(), customer = UUID(), assignee = UUID()
            let scope = bench.member(me)
            func make(_ draft: ConversationDraft, _ scope: TenantScope) async throws -> UUID {
                try await bench.store.create(draft, in: scope).conversation.id
            }
            let web = try await make(.init(title: "Where is my Größe (50%)?", customerId: customer), scope)
            let mail = try await make(.init(title: "Invoice", platform: .email, assignee: assignee), scope)
            let own = try await make(.init(title: "Notes"), scope)
            let others = try await make(.init(title: "Not yours"), bench.member)
            let archived = try await make(.init(title: "Old", platform: .api), scope)
            _ = try await bench.store.update(archived, .init(status: .archived), in: scope)
            let deleted = try await make(.init(title: "Gone", platform: .web), scope)
            try await bench.store.delete(deleted, in: scope)
            func list(_ filter: ConversationFilter = .init(), _ scope: TenantScope? = nil) async throws -> [UUID] {
                try await bench.store.list(filter, in: scope ?? bench.member(me)).items.map(\.id)
            }
            #expect(try await list() == [archived, own, mail, web])
            _ = try await bench.store.append(.text("news"), to: web, in: scope)
            #expect(try await list() == [web, archived, own, mail], "newest activity first")
            #expect(try await list(.init(status: .active)) == [web, own, mail])
            #expect(try await list(.init(status: .archived)) == [archived])
            #expect(try await list(.init(platform: .email)) == [mail])
            #expect(try await list(.init(customerId: customer)) == [web])
            #expect(try await list(.init(assignee: assignee)) == [mail])
            #expect(try await list(.init(query: "größe (50%)?")) == [web])
            #expect(try await list(.init(query: ".*")) == [], "a text, not a pattern")
            #expect(try await list(.init(query: "inv", queryCustomers: [customer])) == [web, mail])
            #expect(try await list(.init(query: "")) == [web, archived, own, mail])
            #expect(try await list(.init(query: String(repeating: "(", count: 10_000))) == [])
            #expect(try await list(.init(), bench.key) == [web, archived, mail])
            #expect(try await list(.init(), bench.visitor(customer)) == [web])
            #expect(try await !list(.init(), bench.worker).contains(others))
        }
    }

    @Test func theCursorOfTheListStaysRightWhileRowsComeAndGo() async throws {
        try await Bench.with { bench in
            let scope = bench.member
            var ids: [UUID] = []
            let time = Date().inMilliseconds
            for number in 0..<40 {
                // Groups of four share a time: the id decides.
                var draft = try ConversationDraft(platform: .web).conversation(
                    in: scope, now: time.addingTimeInterval(Double(-(number / 4))))
                draft.title = "\(number)"
                try await bench.store.conversations.insert(draft.document())
                ids.append(draft.id)
            }
            var seen: [UUID] = []
            var cursor: String?
            repeat {
                let page = try await bench.store.list(.init(), PageRequest(limit: 3, cursor: cursor), in: scope)
                seen += page.items.map(\.id)
                cursor = page.nextCursor
                // The last one shown goes away, a new one comes at the front, one already shown moves to the front.
                if let last = page.items.last { try await bench.store.delete(last.id, in: scope) }
                if let first = page.items.first, page.items.count > 1 {
                    _ = try await bench.store.append(.text("x"), to: first.id, in: scope)
                }
                _ = try await bench.conversation()
            } while cursor != nil
            #expect(Set(seen).count == seen.count, "none twice")
            #expect(Set(seen) == Set(ids), "none left out")
        }
    }

    @Test(arguments: ["x", "", "W10", "WyJjb252ZXJzYXRpb25zIiwieCIsInkiXQ", String(repeating: "A", count: 5000)])
    func aBrokenCursorIsNamed(cursor: String) async throws {
        try await Bench.with { bench in
            let error = await #expect(throws: InvalidFields.self) {
                try await bench.store.list(.init(), PageRequest(limit: 3, cursor: cursor), in: bench.member)
            }
            #expect(error?.errors.map(\.field) == ["cursor"])
        }
    }

    /// Hot queries look at no more than they return, and one more for each part of the index they walk.
    @Test func hotQueriesUseTheirIndexes() async throws {
        try await Bench.with { bench in
            let customer = UUID(), assignee = UUID()
            for number in 0..<150 {
                let draft = ConversationDraft(
                    customerId: number % 3 == 0 ? customer : nil, platform: number % 2 == 0 ? .web : .email,
                    assignee: number % 5 == 0 ? assignee : nil)
                _ = try await bench.store.create(draft, in: bench.member)
            }
            let id = try await bench.conversation().id
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<300 {
                    group.addTask { _ = try await bench.store.append(.text("\(number)"), to: id, in: bench.worker) }
                }
                try await group.waitForAll()
            }
            let key = ConversationKey(companyId: bench.company, conversationId: id)
            var after = key.filter
            after.append("seq", ["$gt": 100])
            var before = key.filter
            before.append("seq", ["$lt": 100])
            for (filter, direction) in [(after, Int64(1)), (before, -1), (key.filter, -1)] {
                let explained = try await bench.store.messages.explain(
                    find: filter, sort: ["seq": .int64(direction)], limit: 20)
                try check(explained, returned: 20, more: 1)
            }
            // The last message, which an append reads when it does not know it.
            try check(
                try await bench.store.messages.explain(find: key.filter, sort: ["seq": -1], limit: 1), returned: 1,
                more: 0)
            let last = try #require(try await bench.store.messages(of: id, limit: 1, in: bench.worker).messages.first)
            var one = key.filter
            one.append("_id", .uuid(last.id))
            try check(try await bench.store.messages.explain(find: one, limit: 1), returned: 1, more: 0)
            let named = try await bench.store.append(
                MessageDraft(role: .user, content: "named", clientMessageId: "n"), to: id, in: bench.worker)
            var repeated = key.filter
            repeated.append("sender", .string(named.message.sender))
            repeated.append("clientMessageId", "n")
            try check(try await bench.store.messages.explain(find: repeated, limit: 1), returned: 1, more: 0)
            try check(
                try await bench.store.conversations.explain(find: bench.worker.filter(id: id), limit: 1), returned: 1,
                more: 0)
            let lists: [(ConversationFilter, TenantScope, Int)] = [
                (.init(status: .active), bench.key, 1), (.init(status: .active), bench.member, 2),
                (.init(), bench.key, 2),
                (.init(), bench.member, 4), (.init(platform: .email), bench.key, 2),
                (.init(customerId: customer), bench.key, 1),
                (.init(), bench.visitor(customer), 1), (.init(assignee: assignee), bench.member, 1),
            ]
            for (filter, scope, more) in lists {
                let first = try await bench.store.list(filter, PageRequest(limit: 10), in: scope)
                #expect(first.nextCursor != nil)
                for cursor in [nil, first.nextCursor] {
                    let document = try filter.document(PageRequest(limit: 10, cursor: cursor), in: scope)
                    let explained = try await bench.store.conversations.explain(
                        find: document, sort: ConversationStore.newestFirst, limit: 10)
                    try check(explained, returned: 10, more: more + (cursor == nil ? 0 : more))
                }
            }
        }
    }

    func check(_ explained: BSONDocument, returned: Int, more: Int) throws {
        let figures = try #require(explained.document("executionStats"))
        #expect(figures.int("nReturned") == returned)
        let documents = figures.int("totalDocsExamined") ?? .max
        let keys = figures.int("totalKeysExamined") ?? .max
        #expect(
            documents <= returned + more, "\(explained.document("queryPlanner")?.document("winningPlan").debug ?? "")")
        #expect(
            keys <= returned + more + 1, "\(explained.document("queryPlanner")?.document("winningPlan").debug ?? "")")
    }
}

extension BSONDocument? {
    /// The document as JSON for people.
    var debug: String { map { FreeForm.object($0).encodedString } ?? "" }
}
