extension MongoClient {
    /// Runs `body` in a transaction: snapshot reads, committed to a majority and its journals when `body` returns,
    /// aborted when it throws.
    ///
    /// `body` runs again when the server says that the whole transaction may be repeated (a write conflict, an
    /// election), at most five times and within the transaction timeout; let it have no effects outside the database.
    /// Let errors of operations pass: an operation that failed has ended the transaction on the server.
    ///
    /// - Throws: what `body` throws; ``MongoError`` `outcomeUnknown` when the commit was sent and never confirmed.
    public func withTransaction<Value>(
        isolation: isolated (any Actor)? = #isolation, _ body: (MongoSession) async throws -> Value
    ) async throws -> Value {
        let session = MongoSession(engine: engine, lease: try await engine.openLease())
        defer { session.close() }
        let end = ContinuousClock.now + configuration.transactionTimeout
        var attempt = 1
        while true {
            do {
                try await session.begin()
                let value = try await body(session)
                try await commit(session, until: end)
                return value
            } catch {
                // A cancelled caller does not wait for the abort: ending the session does it.
                if Task.isCancelled { throw error }
                await session.abort()
                let mayRepeat = (error as? MongoError)?.isTransient ?? false
                guard mayRepeat, attempt < 5, ContinuousClock.now < end else { throw error }
                try await pause(after: attempt)
                attempt += 1
            }
        }
    }

    /// Commits; a commit with an unknown outcome is the same commit when sent again.
    private func commit(
        _ session: MongoSession, until end: ContinuousClock.Instant, isolation: isolated (any Actor)? = #isolation
    ) async throws {
        var attempt = 1
        while true {
            do {
                return try await session.commit()
            } catch let error as MongoError where error.isUnknownCommit {
                guard attempt < 5, ContinuousClock.now < end, !Task.isCancelled else {
                    throw MongoError(.outcomeUnknown, "The commit was sent and not confirmed: \(error.message)")
                }
                try await pause(after: attempt)
                attempt += 1
            }
        }
    }

    /// 5 to 80 ms, more with each attempt, spread so that two that collided do not collide again.
    private func pause(after attempt: Int, isolation: isolated (any Actor)? = #isolation) async throws {
        try await Task.sleep(for: .milliseconds(Int.random(in: 1...5) << min(attempt, 4)))
    }
}
