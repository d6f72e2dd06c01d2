internal import CLibpq

/// The state of one batch under way on a connection's thread.
struct Exchange {
    /// Why a running statement is being stopped.
    enum Reason {
        case timeout
        case cancelled
    }

    /// One entry of libpq's queue: each gets an answer of its own.
    enum Step {
        case prepare(operation: Int, name: String)
        case execute(operation: Int, cached: Bool)
    }

    let batch: Batch
    let flag: CancellationFlag
    var limit: ContinuousClock.Instant
    var stopping: (reason: Reason, request: Cancellation?)?
    var steps: [Step] = []
    /// The next step to be answered.
    var answered = 0
    var rows: PostgresRows?
    /// The first error the server told, and for which operation.
    var failure: (operation: Int, error: PostgresError)?
    /// Whether that error is because a prepared statement no longer fits.
    var isStale = false
    var isSynced = false

    init(_ batch: Batch, _ flag: CancellationFlag) {
        self.batch = batch
        self.flag = flag
        limit = .now + batch.timeout
    }

    /// The operation that the next answer belongs to; after the last one, the sync's number.
    var operation: Int {
        guard answered < steps.count else { return batch.operations.count }
        switch steps[answered] {
        case .prepare(let operation, _), .execute(let operation, _): return operation
        }
    }

    /// What is known when the connection was lost, or given up, before the end.
    func lost(_ message: String) -> PostgresError {
        if let failure, failure.error.sqlState != nil, failure.operation < batch.commit ?? .max {
            return reasoned(failure.error)
        }
        if batch.commit != nil {
            return PostgresError(
                .outcomeUnknown, sqlState: failure?.error.sqlState,
                message: "the connection was lost before the answer to a commit")
        }
        switch stopping?.reason {
        case .timeout: return PostgresError(.timeout, message: "no answer within \(batch.timeout)")
        case .cancelled: return PostgresError(.cancelled, message: "the task was cancelled")
        case nil: return PostgresError(.connection, message: message)
        }
    }

    /// A cancelled statement has the same SQLSTATE whoever cancelled it.
    func reasoned(_ error: PostgresError) -> PostgresError {
        guard error.sqlState == "57014" else { return error }
        switch stopping?.reason {
        case .timeout: return PostgresError(.timeout, sqlState: "57014", message: "no answer within \(batch.timeout)")
        case .cancelled: return PostgresError(.cancelled, sqlState: "57014", message: "the task was cancelled")
        case nil: return error
        }
    }
}
