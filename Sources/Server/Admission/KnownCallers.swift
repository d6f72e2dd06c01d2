import Cache
import Foundation
import Synchronization
import Tenancy

/// Remembers which company a credential belongs to and its plan, so that the limiter can be asked before the
/// database. Holds nothing that lets anybody in: that is decided by the identity, every time.
final class KnownCallers: Sendable {
    /// The caller, and the company that was asked for.
    struct Key: Hashable, Sendable {
        let credential: Credential
        let company: UUID?
    }

    struct Entry: Sendable {
        /// What the caller's identity is kept under.
        let identityKey: String
        let companyId: UUID?
        let plan: SubscriptionPlan
        /// What the caller is held to; nil without a company.
        let limits: PreparedLimits?
        /// The same as the header which tells it.
        let policy: String
        /// The identity as it was read last.
        let identity = CacheSlot<Identity>()
    }

    private let limit: Int
    private let entries = Mutex<[Key: Entry]>([:])

    init(limit: Int = 50_000) { self.limit = limit }

    subscript(key: Key) -> Entry? {
        get { entries.withLock { $0[key] } }
        set {
            entries.withLock { entries in
                // Starting over is cheap: each caller costs one look-up again.
                if entries.count >= limit, entries[key] == nil { entries.removeAll(keepingCapacity: true) }
                entries[key] = newValue
            }
        }
    }
}
