import Conversations
public import Foundation
public import Logging
public import ServiceLifecycle
import Synchronization
import Tenancy

/// Sums up conversations in the background, after answers of models: no turn waits for it.
public final class ConversationSummaries: Service {
    /// Conversations that are worked on at once in this process.
    private static let atOnce = 4
    /// Conversations that wait; a further one is left to its next answer.
    private static let waiting = 256

    private struct Job: Sendable {
        var companyId: UUID
        var conversationId: UUID
        var agent: String
    }

    private let writer: SummaryWriter
    private let logger: Logger
    private let pending = Mutex<Set<UUID>>([])
    private let jobs: AsyncStream<Job>
    private let job: AsyncStream<Job>.Continuation

    /// A service; ``run()`` must run for anything to be written.
    public init(_ writer: SummaryWriter, logger: Logger) {
        self.writer = writer
        self.logger = logger
        (jobs, job) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.waiting))
    }

    /// A model answered for an agent in this conversation. Never waits.
    public func consider(_ conversationId: UUID, of companyId: UUID, agent: String) {
        guard pending.withLock({ $0.count < Self.waiting && $0.insert(conversationId).inserted }) else { return }
        if case .enqueued = job.yield(Job(companyId: companyId, conversationId: conversationId, agent: agent)) {
            return
        }
        _ = pending.withLock { $0.remove(conversationId) }
    }

    /// Works until the service group shuts down; what is not written then is left to the next answer.
    public func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            var running = 0
            for await job in jobs.cancelOnGracefulShutdown() {
                if running >= Self.atOnce {
                    await group.next()
                    running -= 1
                }
                running += 1
                group.addTask { await self.work(job) }
            }
            group.cancelAll()
        }
    }

    private func work(_ job: Job) async {
        // Before it begins: an answer that comes meanwhile is looked at again.
        _ = pending.withLock { $0.remove(job.conversationId) }
        do { try await writer.update(job.conversationId, of: job.companyId, agent: job.agent) } catch is NotFound {
            return
        } catch {
            logger.notice(
                "a conversation is summed up later",
                metadata: ["conversation": "\(job.conversationId.lowercased)", "error": "\(describe(error))"])
        }
    }
}
