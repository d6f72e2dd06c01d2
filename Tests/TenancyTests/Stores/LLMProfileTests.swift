import Foundation
import Postgres
import Testing

@testable import Tenancy

@Suite struct LLMProfileTests {
    private static let draft = LLMProfileDraft(name: "main", baseURL: "https://llm.example.com/v1", model: "m")
    private static let key = "a-key-that-opens-nothing"

    @Test func theKeyOpensInItsOwnRowOnly() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let first = try await world.profiles.create(ana.scope, Self.draft, apiKey: Self.key)
            #expect(try await world.profiles.opened(ana.worker)?.apiKey == Self.key)
            await #expect(throws: Forbidden.self) { try await world.profiles.opened(ana.scope) }
            var other = Self.draft
            other.name = "second"
            let second = try await world.profiles.create(ana.scope, other, apiKey: nil)
            // Somebody who writes in the database moves the sealed text to another row.
            let moved = try await world.client.query(
                """
                UPDATE llm_profiles SET api_key = (SELECT api_key FROM llm_profiles WHERE id = \(first.id))
                WHERE id = \(second.id)
                """, settings: .company(ana.scope.companyId))
            #expect(moved.affected == 1)
            var off = LLMProfilePatch()
            off.enabled = .set(false)
            _ = try await world.profiles.update(ana.scope, first.id, off)
            await #expect(throws: SecretBox.Failure.notAuthentic) { try await world.profiles.opened(ana.worker) }
        }
    }

    @Test func agentsUseTheOldestThatIsEnabled() async throws {
        try await World.with { world in
            let ana = try await world.register()
            #expect(try await world.profiles.opened(ana.worker)?.profile == nil)
            let first = try await world.profiles.create(ana.scope, Self.draft, apiKey: nil)
            var other = Self.draft
            other.name = "second"
            let second = try await world.profiles.create(ana.scope, other, apiKey: Self.key)
            #expect(try await world.profiles.opened(ana.worker)?.profile.id == first.id)
            try await world.profiles.delete(ana.scope, first.id)
            #expect(try await world.profiles.opened(ana.worker)?.profile.id == second.id)
            #expect(try await world.profiles.opened(ana.worker)?.apiKey == Self.key)
        }
    }

    @Test func aRequestThatIsRunAgainMakesOne() async throws {
        try await World.with { world in
            let ana = try await world.register()
            let id = UUID.v7()
            let first = try await world.profiles.create(ana.scope, Self.draft, apiKey: Self.key, id: id)
            #expect(try await world.profiles.create(ana.scope, Self.draft, apiKey: Self.key, id: id) == first)
        }
    }

    @Test(arguments: [
        ("https://llm.example.com/v1", "https://llm.example.com:443"), ("http://HOST:8000", "http://host:8000"),
        ("https://a.example.com:8443/x/y", "https://a.example.com:8443"),
    ])
    func originsAreReadStrictly(_ address: String, _ origin: String) {
        #expect(LLMProfileDraft.origin(of: address) == origin)
    }
}
