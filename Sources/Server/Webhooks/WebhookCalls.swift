import Foundation
import Synchronization

/// Tells the runner of webhooks that something happened, which is made before it.
final class WebhookCalls: Sendable {
    private let hear = Mutex<(@Sendable (UUID) -> Void)?>(nil)

    /// Says what to do when something happened in a company.
    func onCall(_ body: @escaping @Sendable (UUID) -> Void) { hear.withLock { $0 = body } }

    /// Something happened in a company. Never waits.
    func call(_ companyId: UUID) { hear.withLock { $0 }?(companyId) }
}
