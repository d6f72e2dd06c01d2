import Cache
import Foundation
import Tenancy

/// A caller who was let in.
final class Admitted: Sendable {
    /// What the caller showed, for asking again.
    struct Proof: Sendable {
        let admission: Admission
        let credential: Credential
        /// The company that was asked for.
        let chosen: UUID?
        let access: Access
    }

    /// Where the request comes from.
    let address: String
    /// Who calls; nobody on an open route.
    let identity: Identity?
    /// The proof that the caller may act inside a company.
    let scope: TenantScope?
    /// The company's cache generations as they were when the request began; `nil` when Redis is away.
    let generations: CacheGenerations?
    /// The edition of the conversation which the route shows, when it asks for one and Redis is there.
    let edition: String?
    /// What the company's plan allows.
    let limits: PlanLimits?
    private let proof: Proof?

    /// Nobody, on an open route.
    init(address: String) {
        self.address = address
        (identity, scope, generations, edition, limits, proof) = (nil, nil, nil, nil, nil, nil)
    }

    init(
        _ identity: Identity, scope: TenantScope?, limits: PlanLimits, address: String,
        generations: CacheGenerations? = nil, edition: String? = nil, proof: Proof
    ) {
        self.address = address
        self.identity = identity
        self.scope = scope
        self.generations = generations
        self.edition = edition
        self.limits = limits
        self.proof = proof
    }

    /// Checks again whether the caller may still call this route, for what goes on for long. Counts towards no limit.
    /// - Throws: the reason why not.
    func admitAgain() async throws {
        guard let proof, let companyId = identity?.companyId else { return }
        try await proof.admission.admitAgain(proof, companyId)
    }

    /// The scope of the same person in another company.
    /// - Throws: `NotFound` where they are no member.
    func elsewhere(_ companyId: UUID) async throws -> TenantScope {
        guard let proof, identity?.userId != nil else { throw NotFound("company") }
        return try await proof.admission.scope(of: proof, in: companyId)
    }
}
