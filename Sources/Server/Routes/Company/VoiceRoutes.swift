import Agents
import Tenancy

/// How the company's agents sound.
struct VoiceRoutes: RouteGroup {
    let companies: CompanyCache

    var routes: [Route] {
        [
            Route(
                method: .get, path: "/api/brand-voice",
                summary: "How agents sound, as `brandPersonality` describes it and `settings.voice` sets it.",
                tag: "Companies", access: .company(.companyRead), answers: [.ok("BrandVoice").tagged]
            ) { call in
                let company = try await companies.company(call.scope, generations: call.caller.generations)
                return .cacheable(BrandVoice(company))
            }
        ]
    }
}
