import Doubles
import Foundation
import JSON
import Postgres
import Tenancy
import TestSupport
import Testing

/// Which memories a model gets to see.
@Suite(.timeLimit(.minutes(2))) struct PromptFactTests {
    @Test("What came from outside never enters a prompt; what a member said does, and what the company shares")
    func untrusted() async throws {
        let llm = FakeLLM(.reply("Blue, I think."))
        try await withDouble(llm) { running in
            let server = try await TestServer.shared
            let ana = try await server.api.register()
            try await ana.api.post(
                "/api/llm-profiles", ["name": "own", "baseUrl": .string(running.address + "/v1"), "model": "m"]
            ).expect(201)
            let company = try #require(UUID(strict: ana.companyId)), user = try #require(UUID(strict: ana.userId))
            try await server.stores.postgres.withClient { client in
                let (store, scope) = (MemoryStore(client), TenantScope.forJob(companyId: company))
                _ = try await store.save(scope, MemoryDraft("parcel fact said"), subject: .user(user))
                _ = try await store.save(scope, MemoryDraft("parcel fact shared"), subject: .company)
                for (text, pinned) in [("parcel fact forged", false), ("pinned parcel fact forged", true)] {
                    _ = try await store.save(
                        scope, MemoryDraft(text, source: .untrusted, pinned: pinned), subject: .user(user))
                }
            }
            _ = try await ana.api.ask("assistant", "what do you think of the parcel fact?")
            // People find it all the same.
            let found = try await ana.api.ask("mem", "?parcel")
            #expect(found.content.contains("forged"))
        }
        let prompt = try #require(llm.requests.first).messages.map { $0["content"]?.stringValue ?? "" }.joined()
        #expect(prompt.contains("parcel fact said") && prompt.contains("parcel fact shared"))
        #expect(!prompt.contains("forged"))
        try llm.assertConsumed()
    }
}
