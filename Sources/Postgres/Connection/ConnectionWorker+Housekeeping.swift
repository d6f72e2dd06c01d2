internal import CLibpq

extension ConnectionWorker {
    /// Runs statements of the driver's own in one round trip.
    func housekeeping(_ statements: [SQL], _ limit: ContinuousClock.Instant) -> PostgresError? {
        guard let operations = try? statements.map({ try Operation($0) }) else { return nil }
        let batch = Batch(
            operations: operations, main: 0, commit: nil, opens: false, closes: false, isCancellable: false,
            timeout: limit - .now, prepares: false)
        if case .failure(let error) = run(batch, CancellationFlag()) { return error }
        return nil
    }

    /// Tells the server which prepared statements can go. Between two borrowers, never inside a transaction.
    func dropUnwantedStatements() {
        guard !unwanted.isEmpty, let connection, PQtransactionStatus(connection) == PQTRANS_IDLE else { return }
        let statements = unwanted.map { name -> SQL in "DEALLOCATE \(raw: name)" }
        unwanted = []
        if housekeeping(statements, .now + Self.grace) != nil { disconnect() }
    }
}
