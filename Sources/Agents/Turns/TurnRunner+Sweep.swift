import Conversations
import Foundation
import Logging
import ServiceLifecycle
import Tenancy

/// What dead processes left behind, and what time alone brings about.
extension TurnRunner {
    func sweepUntilShutdown() async {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await self.sweep()
                try? await Task.sleep(for: self.configuration.sweepInterval)
            }
        }
    }

    /// One look at everything. Each part is tried whatever became of the others.
    func sweep() async {
        await attempt("accepting turns that were left pending") { try await self.acceptPending() }
        await attempt("taking over turns of dead workers") { try await self.conversations.turns.releaseExpired() }
        await attempt("recording turns") { try await self.recordEnded() }
        await attempt("delivering decisions") { try await self.deliverDecisions() }
        await attempt("telling customers who wait") { try await self.remindWaiting() }
    }

    private func attempt(_ what: String, _ body: () async throws -> Int) async {
        do {
            let count = try await body()
            guard count > 0 else { return }
            logger.info("\(what)", metadata: ["count": "\(count)"])
            wake()
        } catch {
            logger.warning("\(what) failed", metadata: ["error": "\(error)"])
        }
    }

    /// Messages whose turns nobody accepted, oldest first.
    private func acceptPending() async throws -> Int {
        let before = Date().addingTimeInterval(-Double(configuration.sweepAge.milliseconds) / 1_000)
        let pending = try await conversations.messagesWithPendingRouting(before: before, limit: 200)
        return pending.sorted { ($0.timestamp, $0.seq) < ($1.timestamp, $1.seq) }.count { take($0) }
    }

    private func recordEnded() async throws -> Int {
        let before = Date().addingTimeInterval(-Double(configuration.sweepAge.milliseconds) / 1_000)
        let ended = try await conversations.turns.unrecorded(before: before)
        for turn in ended { await executor.record(turn) }
        return ended.count
    }

    private func deliverDecisions() async throws -> Int {
        _ = try await conversations.approvals.expire()
        var delivered = 0
        for approval in try await conversations.approvals.undelivered() {
            let scope = TenantScope.forJob(companyId: approval.companyId)
            if try await conversations.turns.resume(approval.turnId, scope) {
                delivered += 1
            } else if try await isWaiting(approval, scope) {
                // The turn has not come to its pause yet.
                continue
            }
            try await conversations.approvals.noteDelivered(approval)
        }
        return delivered
    }

    private func isWaiting(_ approval: Approval, _ scope: TenantScope) async throws -> Bool {
        do { return try await !conversations.turns.turn(approval.turnId, scope).state.isFinal } catch is NotFound {
            return false
        }
    }

    /// Tells customers who have waited for a person for long that they are not forgotten, once each call.
    private func remindWaiting() async throws -> Int {
        let before = Date().addingTimeInterval(-configuration.pickupSeconds)
        let waiting = try await conversations.unansweredCalls(before: before)
        for conversation in waiting {
            let scope = TenantScope.forJob(companyId: conversation.companyId)
            let last = try await conversations.messages(of: conversation.id, limit: 10, in: scope).messages
            let words = last.last { $0.role == .customer }.flatMap { Language.detect(FoldedText($0.content)) }
            let voice = (try? await executor.company(scope)).map { BrandVoice($0) } ?? BrandVoice()
            let notice = SystemNotice.stillWaiting
            let draft = MessageDraft(
                role: .system, content: notice.text(voice.language(for: words)),
                id: TurnIdentity.row(of: conversation.id, "reminder \(conversation.control.version)"),
                metadata: notice.metadata)
            _ = try await conversations.append(draft, to: conversation.id, in: scope)
            try await conversations.noteReminded(conversation)
        }
        return waiting.count
    }
}
