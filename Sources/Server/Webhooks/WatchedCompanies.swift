import Foundation
import Synchronization
import Tenancy

/// Which companies have webhooks, known to every process without asking at each message: what is written for others
/// costs a look into a set.
///
/// While it is not known, at the start and when Postgres has been away for a while, all companies count as watched: a
/// mark that nobody wants is taken away again, one that is missing would be lost.
final class WatchedCompanies: Sendable {
    /// How often is asked.
    static let interval = Duration.seconds(2)
    /// How long an answer is believed: so long after it is made a webhook is known everywhere, or everything is marked.
    static let belief = Duration.seconds(5)

    private struct State {
        var companies: Set<UUID> = []
        var isKnownUntil: ContinuousClock.Instant?
    }

    private let webhooks: WebhookStore
    private let state = Mutex(State())

    init(webhooks: WebhookStore) { self.webhooks = webhooks }

    /// Whether the company's programs want to be told of what happens. Never waits.
    func contains(_ companyId: UUID) -> Bool {
        state.withLock { state in
            guard let end = state.isKnownUntil, ContinuousClock.now < end else { return true }
            return state.companies.contains(companyId)
        }
    }

    /// Whether there may be anybody to tell.
    var isEmpty: Bool {
        state.withLock { state in
            guard let end = state.isKnownUntil, ContinuousClock.now < end else { return false }
            return state.companies.isEmpty
        }
    }

    /// Asks now. What cannot be asked is not known for long.
    func refresh() async {
        let asked = ContinuousClock.now
        guard let companies = try? await webhooks.watchedCompanies() else { return }
        state.withLock { state in
            state.companies = companies
            state.isKnownUntil = asked + Self.belief
        }
    }
}
