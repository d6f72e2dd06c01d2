import Cache
import Foundation
import Tenancy

/// Makes cached look-ups invalid on all processes after a change was committed.
struct Invalidation: Sendable {
    let cache: GenerationCache
    let companies: CompanyStore

    /// Keys, memberships or plan of a company changed.
    func authentication(of companyId: UUID) async { await cache.invalidate(companyId: companyId, [.auth]) }

    /// A person's sessions changed: they may be cached under any of the person's companies.
    func person(_ userId: UUID) async throws {
        for membership in try await companies.memberships(of: userId) {
            await cache.invalidate(companyId: membership.company.id, [.auth])
        }
    }

    /// The company's own row changed.
    func company(_ companyId: UUID) async { await cache.invalidate(companyId: companyId, [.company, .auth]) }

    /// A conversation's agent or holder changed.
    func conversations(of companyId: UUID) async { await cache.invalidate(companyId: companyId, [.conversations]) }
}
