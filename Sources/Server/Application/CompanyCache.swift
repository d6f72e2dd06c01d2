import Cache
import Foundation
import JSON
import Tenancy

/// The company of a scope, cached: the web chat and the agents ask for it with every message.
struct CompanyCache: Sendable {
    let companies: CompanyStore
    let cache: GenerationCache

    private static let cached = Cached<Company>(
        .company, name: "company", timeToLive: .seconds(300), encode: { $0.cacheable }
    ) {
        bytes in
        guard let company = Company(cached: try JSONValue.parse(bytes)) else { throw Problem.internalError }
        return company
    }

    /// The company.
    ///
    /// - Parameter generations: as the limiter told them when the request began; without them Postgres is asked.
    func company(_ scope: TenantScope, generations: CacheGenerations?) async throws -> Company {
        // Whoever acts inside a company may have its voice and settings applied; none of it is shown by this.
        let inside = TenantScope.forJob(companyId: scope.companyId)
        guard let generations else { return try await companies.get(inside) }
        let company = try await cache.read(Self.cached, id: "it", scope: scope, generations: generations) {
            try await companies.get(inside)
        }
        guard let company else { throw NotFound("company") }
        return company
    }
}
