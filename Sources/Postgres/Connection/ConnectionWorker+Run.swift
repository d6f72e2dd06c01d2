internal import CLibpq

extension ConnectionWorker {
    /// How long a statement may take to stop after it was asked to, and a clean-up to be answered.
    static let grace: Duration = .seconds(2)

    /// Sends a batch, reads its answer, and leaves the connection usable or closed.
    func run(_ batch: Batch, _ flag: CancellationFlag) -> Result<PostgresRows?, PostgresError> {
        if connection == nil {
            guard batch.opens else {
                return .failure(PostgresError(.connection, message: "the connection was lost during a transaction"))
            }
            if let error = connect(flag) { return .failure(error) }
        }
        var exchange = Exchange(batch, flag)
        var answer = attempt(&exchange)
        // The statement was prepared before a table changed; it was rolled back, and is prepared anew.
        if exchange.isStale, batch.opens, batch.closes, connection != nil, exchange.stopping == nil {
            exchange = Exchange(batch, flag)
            answer = attempt(&exchange)
        }
        return answer
    }

    private func attempt(_ exchange: inout Exchange) -> Result<PostgresRows?, PostgresError> {
        guard let connection else { return .failure(PostgresError(.connection, message: "not connected")) }
        if exchange.batch.isCancellable, exchange.flag.isSet {
            return .failure(PostgresError(.cancelled, message: "cancelled before it was sent"))
        }
        guard send(&exchange, connection) else {
            let error = exchange.lost(errorMessage(connection))
            disconnect()
            return .failure(error)
        }
        counters.roundTrip()
        do {
            try receive(&exchange, connection)
            try awaitCancellation(exchange)
        } catch {
            // The answer counts when there is one: only the connection is not to be trusted.
            let lost = exchange.isSynced ? nil : exchange.lost(error.message)
            disconnect()
            if let lost { return .failure(lost) }
        }
        return settle(exchange)
    }

    private func settle(_ exchange: Exchange) -> Result<PostgresRows?, PostgresError> {
        if exchange.batch.closes, let connection, PQtransactionStatus(connection) != PQTRANS_IDLE,
            housekeeping(["ROLLBACK"], .now + Self.grace) != nil
        {
            disconnect()
        }
        if let failure = exchange.failure { return .failure(exchange.reasoned(failure.error)) }
        return .success(exchange.rows)
    }

    /// Hands all statements and one sync to libpq, which writes them together.
    private func send(_ exchange: inout Exchange, _ connection: OpaquePointer) -> Bool {
        let prepares = configuration.preparedStatements && exchange.batch.prepares
        for (index, operation) in exchange.batch.operations.enumerated() {
            guard send(operation, index, prepares, &exchange, connection) else { return false }
        }
        return PQpipelineSync(connection) == 1
    }

    private func send(
        _ operation: Operation, _ index: Int, _ prepares: Bool, _ exchange: inout Exchange, _ connection: OpaquePointer
    ) -> Bool {
        guard prepares else {
            exchange.steps.append(.execute(operation: index, cached: false))
            return operation.parameters.withPointers { values, lengths, formats in
                PQsendQueryParams(
                    connection, operation.text, operation.parameters.count, nil, values, lengths, formats, 0) == 1
            }
        }
        let cached = cache.name(of: operation.text)
        let name = cached ?? cache.newName()
        if cached == nil {
            exchange.steps.append(.prepare(operation: index, name: name))
            guard PQsendPrepare(connection, name, operation.text, 0, nil) == 1 else { return false }
        }
        exchange.steps.append(.execute(operation: index, cached: cached != nil))
        return operation.parameters.withPointers { values, lengths, formats in
            PQsendQueryPrepared(connection, name, operation.parameters.count, values, lengths, formats, 0) == 1
        }
    }

    /// After a cancel request the connection may be used again only when the request has arrived: a late one would
    /// hit the next statement.
    func awaitCancellation(_ exchange: Exchange) throws(ConnectionLost) {
        guard let request = exchange.stopping?.request else { return }
        let limit = ContinuousClock.now + Self.grace
        while !request.isDone {
            if ContinuousClock.now >= limit { throw ConnectionLost(message: "a cancel request is not answered") }
            _ = Poll.wait(wake: mailbox, until: limit)
        }
    }
}
