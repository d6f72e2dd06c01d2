import Cache
import Foundation
import Tenancy

/// Makes cached look-ups invalid on all processes after a change was committed.
struct Invalidation: Sendable {
    let cache: GenerationCache
    let companies: CompanyStore
    let feed: EventFeed
    let streams: StreamHub

    /// Keys, memberships or plan of a company changed.
    func authentication(of companyId: UUID) async {
        await cache.invalidate(companyId: companyId, [.auth])
        tellStreams(of: companyId)
    }

    /// A person's sessions changed: they may be cached under any of the person's companies.
    func person(_ userId: UUID) async throws {
        for membership in try await companies.memberships(of: userId) {
            await authentication(of: membership.company.id)
        }
    }

    /// The company's own row changed.
    func company(_ companyId: UUID) async {
        await cache.invalidate(companyId: companyId, [.company, .auth])
        tellStreams(of: companyId)
    }

    /// The company's own agents, or what it set of the built-in ones, changed.
    func agents(of companyId: UUID) async { await cache.invalidate(companyId: companyId, [.agents]) }

    /// A conversation's agent or holder changed.
    func conversations(of companyId: UUID) async { await cache.invalidate(companyId: companyId, [.conversations]) }

    /// Open streams check whether their callers still may: those of this process at once, those of others by the feed.
    private func tellStreams(of companyId: UUID) {
        streams.checkRights(of: companyId)
        feed.publishRightsChanged(companyId: companyId)
    }
}
