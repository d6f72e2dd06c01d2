import Cache
import Foundation
import Tenancy

/// A caller who was let in.
struct Admitted: Sendable {
    /// Where the request comes from.
    let address: String
    /// Who calls; nobody on an open route.
    var identity: Identity?
    /// The proof that the caller may act inside a company.
    var scope: TenantScope?
    /// The company's cache generations as they were when the request began; `nil` when Redis is away.
    var generations: CacheGenerations?
    /// The edition of the conversation which the route shows, when it asks for one and Redis is there.
    var edition: String?
    /// What the company's plan allows.
    var limits: PlanLimits?
    /// Checks again whether the caller may still call this route, for what goes on for long; throws the reason why not.
    /// Counts towards no limit.
    var admitAgain: @Sendable () async throws -> Void = {}
    /// Finds the scope of the same person in another company, or throws `NotFound`.
    var elsewhere: @Sendable (UUID) async throws -> TenantScope = { _ in throw NotFound("company") }
}
