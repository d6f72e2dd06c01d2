internal import CLibpq

extension ConnectionWorker {
    /// Runs text of several statements by the simple protocol, which is not allowed in pipeline mode.
    func runScript(
        _ text: String, timeout: Duration, _ flag: CancellationFlag
    ) -> Result<PostgresRows?, PostgresError> {
        if text.utf8.contains(0) {
            return .failure(PostgresError(.invalidText, message: "a script must not contain U+0000"))
        }
        if connection == nil, let error = connect(flag) { return .failure(error) }
        guard let connection else { return .failure(PostgresError(.connection, message: "not connected")) }
        guard PQexitPipelineMode(connection) == 1, PQsendQuery(connection, text) == 1 else {
            let error = PostgresError(.connection, message: errorMessage(connection))
            disconnect()
            return .failure(error)
        }
        counters.roundTrip()
        // A script may commit at any place: when it is lost, nobody knows how far it came.
        var exchange = Exchange(
            Batch(operations: [], main: 0, commit: 0, opens: true, closes: false, timeout: timeout), flag)
        do {
            try receiveScript(&exchange, connection)
            try awaitCancellation(exchange)
        } catch {
            disconnect()
            return .failure(exchange.lost(error.message))
        }
        if PQenterPipelineMode(connection) != 1 { disconnect() }
        if let failure = exchange.failure { return .failure(exchange.reasoned(failure.error)) }
        return .success(nil)
    }

    private func receiveScript(_ exchange: inout Exchange, _ connection: OpaquePointer) throws(ConnectionLost) {
        while let result = try nextResult(&exchange, connection) {
            let status = PQresultStatus(result)
            if status == PGRES_FATAL_ERROR, exchange.failure == nil {
                exchange.failure = (0, PostgresError(result: result))
            }
            PQclear(result)
            if PQstatus(connection) == CONNECTION_BAD { throw ConnectionLost(message: errorMessage(connection)) }
            if [PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH].contains(status) {
                throw ConnectionLost(message: "COPY is not supported")
            }
        }
    }
}
