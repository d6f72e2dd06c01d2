import Cache
import Conversations
import Logging
import Redis
import ServiceLifecycle
import Tenancy

/// Finishes deletions in MongoDB and Redis after Postgres has forgotten the row.
///
/// The intent was committed together with the row's deletion, so that a process which is killed half way loses
/// nothing: the sweeper of any process takes it up again. Every step may be done twice.
struct DeletionRunner: Sendable {
    let deletions: DeletionStore
    let conversations: ConversationStore
    let idempotency: IdempotencyStore
    let redis: RedisClient
    let logger: Logger

    /// Removes what hangs on the deleted row. What fails now is left to the sweeper.
    func run(_ deletion: Deletion) async {
        do {
            switch deletion.kind {
            case .customer:
                try await conversations.removeCustomer(companyId: deletion.companyId, customerId: deletion.targetId)
            case .company:
                try await conversations.removeCompany(companyId: deletion.companyId)
                try await idempotency.removeCompany(companyId: deletion.companyId)
                try await CompanyKeys.removeAll(.forJob(companyId: deletion.companyId), from: redis)
            }
            try await deletions.done(deletion)
        } catch {
            logger.warning(
                "a deletion is not finished and will be tried again",
                metadata: ["deletion": "\(deletion.id)", "kind": "\(deletion.kind)", "error": "\(error)"])
        }
    }
}

/// Takes up what other processes left undone.
struct DeletionSweeper: Service {
    let runner: DeletionRunner
    let interval: Duration

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                for deletion in (try? await runner.deletions.due()) ?? [] { await runner.run(deletion) }
                try? await Task.sleep(for: interval)
            }
        }
    }
}
