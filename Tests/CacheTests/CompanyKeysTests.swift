import Foundation
import Redis
import Tenancy
import TestSupport
import Testing

@testable import Cache

@Suite(.timeLimit(.minutes(2))) struct CompanyKeysTests {
    @Test func `all keys of a company go, and no other's`() async throws {
        try await RedisClient.withCompany { client, scope in
            try await RedisClient.withCompany { _, other in
                for company in [scope.companyId, other.companyId] {
                    let keys = (0..<3_000).map { CacheKeys.prefix(company) + "key\($0)" }
                    _ = try await client.send(batch: keys.map { ["SET", .text($0), "x", "EX", 120] })
                }
                #expect(try await CompanyKeys.removeAll(scope, from: client) == 3_000)
                #expect(try await CompanyKeys.removeAll(scope, from: client) == 0)
                #expect(try await CompanyKeys.removeAll(other, from: client) == 3_000)
            }
        }
    }

    @Test func `every name of a company's key begins with its hash tag`() {
        let company = UUID()
        let names = [
            CacheKeys.generations(company), CacheKeys.feed(company), CacheKeys.limit(company, name: "n", subject: "s"),
            CacheKeys.value(company, generation: "g", kind: .auth, id: "i"),
        ]
        for name in names { #expect(name.hasPrefix("sb:{\(company.uuidString.lowercased())}:")) }
        #expect(Set(names).count == names.count)
    }
}
