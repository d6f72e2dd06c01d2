public import Cache
import JSON
public import Tenancy

extension AgentRegistry {
    private static let cached = Cached<CompanyAgentRows>(
        .agents, name: "all", timeToLive: .seconds(300), encode: { $0.cacheable }
    ) { bytes in
        guard let rows = CompanyAgentRows(cached: try JSONValue.parse(bytes)) else { throw NotFound("agents") }
        return rows
    }

    /// Reads a company's agents through the cache; they become invalid with the kind `agents`.
    public static func rows(_ store: AgentStore, cache: GenerationCache) -> Rows {
        { scope, generations in
            // Whoever acts inside a company may reach its agents; what of them is shown is for the route to say.
            let inside = TenantScope.forJob(companyId: scope.companyId)
            var current = generations
            if current == nil { current = await cache.generations(inside) }
            return try await cache.read(cached, id: "it", scope: inside, generations: current) {
                try await store.all(inside)
            } ?? CompanyAgentRows()
        }
    }
}
