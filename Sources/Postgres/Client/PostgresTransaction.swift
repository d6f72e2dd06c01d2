import Synchronization

/// One transaction under way. Valid inside the closure that it was given to. Statements run one after the other.
public final class PostgresTransaction: Sendable {
    private enum Phase {
        case fresh
        case begun
        case failed(PostgresError)
        case ended
    }

    private struct State {
        var phase = Phase.fresh
        var wrote = false
    }

    private let slot: ConnectionSlot
    private let settings: PostgresSettings
    private let timeout: Duration
    private let state = Mutex(State())

    init(slot: ConnectionSlot, settings: PostgresSettings, timeout: Duration) {
        self.slot = slot
        self.settings = settings
        self.timeout = timeout
    }

    /// Runs one statement, one round trip. After a statement failed the transaction can only be rolled back, and each
    /// further statement throws that first error.
    public func query(_ sql: SQL, timeout: Duration? = nil) async throws -> PostgresRows {
        let timeout = timeout ?? self.timeout
        // Text that cannot be sent does not harm the transaction.
        let next = try Batch.next(sql, timeout: timeout)
        let batch = try state.withLock { state -> Batch in
            switch state.phase {
            case .fresh:
                let first = try Batch.first(sql, settings: settings, timeout: timeout)
                state.phase = .begun
                return first
            case .begun: return next
            case .failed(let error): throw error
            case .ended: throw PostgresError(.usage, message: "the transaction has ended")
            }
        }
        let reads = next.operations.allSatisfy(\.readsOnly)
        if !reads { state.withLock { $0.wrote = true } }
        do {
            return try await slot.run(batch)
        } catch let error as PostgresError {
            state.withLock { state in
                if case .begun = state.phase { state.phase = .failed(error) }
            }
            throw error
        }
    }

    func commit() async throws {
        let before = end()
        switch before.phase {
        case .fresh, .ended: return
        case .failed(let error):
            await finish(commit: false, wrote: false)
            throw error
        case .begun:
            if Task.isCancelled {
                await finish(commit: false, wrote: false)
                throw PostgresError(.cancelled, message: "cancelled before the commit; rolled back")
            }
            _ = try await slot.run(Batch.end(commit: true, wrote: before.wrote, timeout: timeout))
        }
    }

    func rollBack() async {
        switch end().phase {
        case .fresh, .ended: return
        case .begun, .failed: await finish(commit: false, wrote: false)
        }
    }

    private func end() -> State {
        state.withLock { state in
            defer { state.phase = .ended }
            return state
        }
    }

    /// A roll-back that gets no answer has closed the connection, which rolls back as well.
    private func finish(commit: Bool, wrote: Bool) async {
        guard slot.isConnected, let batch = try? Batch.end(commit: commit, wrote: wrote, timeout: .seconds(2)) else {
            return
        }
        if (try? await slot.run(batch)) == nil { await slot.close() }
    }
}
