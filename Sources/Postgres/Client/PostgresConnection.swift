import Synchronization

/// One session, lent by `PostgresClient.withConnection`. Transactions are the borrower's affair: `BEGIN` and `COMMIT` are
/// statements like others here.
public final class PostgresConnection: Sendable {
    private let slot: ConnectionSlot
    private let timeout: Duration
    private let hasEnded = Atomic<Bool>(false)
    private let used = Atomic<Bool>(false)

    init(slot: ConnectionSlot, timeout: Duration) {
        self.slot = slot
        self.timeout = timeout
    }

    /// Runs one statement. A transaction that it opens stays open.
    public func query(_ sql: SQL, timeout: Duration? = nil) async throws -> PostgresRows {
        var batch = try Batch.single(sql, settings: [:], timeout: timeout ?? self.timeout)
        batch.closes = false
        batch.prepares = false
        // A session that was lost is not replaced silently: its locks and settings are gone.
        batch.opens = try begin()
        return try await slot.run(batch)
    }

    /// Runs text of several statements, without parameters.
    public func script(_ sql: String, timeout: Duration = .seconds(600)) async throws {
        let isFirst = try begin()
        if !isFirst, !slot.isConnected {
            throw PostgresError(.connection, message: "the connection was lost")
        }
        try await slot.script(sql, timeout: timeout)
    }

    private func begin() throws -> Bool {
        if hasEnded.load(ordering: .acquiring) {
            throw PostgresError(.usage, message: "the connection was given back already")
        }
        return !used.exchange(true, ordering: .acquiringAndReleasing)
    }

    func end() async {
        hasEnded.store(true, ordering: .releasing)
        await slot.close()
    }
}
