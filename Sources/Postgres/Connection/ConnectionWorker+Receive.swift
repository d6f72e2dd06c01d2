internal import CLibpq

/// The connection cannot be used any more.
struct ConnectionLost: Error {
    let message: String
}

extension ConnectionWorker {
    /// Reads answers until the one to the sync.
    func receive(_ exchange: inout Exchange, _ connection: OpaquePointer) throws(ConnectionLost) {
        // NULL ends the answer to each statement, and only that; libpq repeats it when it has nothing at all.
        var ends = 0
        while true {
            guard let result = try nextResult(&exchange, connection) else {
                exchange.answered += 1
                ends += 1
                if ends > 2 { throw ConnectionLost(message: "libpq has no answer") }
                continue
            }
            ends = 0
            let status = PQresultStatus(result)
            if status == PGRES_PIPELINE_SYNC {
                PQclear(result)
                exchange.isSynced = true
                return
            }
            take(ResultHandle(owning: result), status, &exchange)
            if PQstatus(connection) == CONNECTION_BAD {
                throw ConnectionLost(message: exchange.failure?.error.message ?? errorMessage(connection))
            }
            if [PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH].contains(status) {
                throw ConnectionLost(message: "COPY is not supported")
            }
        }
    }

    private func take(_ result: ResultHandle, _ status: ExecStatusType, _ exchange: inout Exchange) {
        switch status {
        case PGRES_FATAL_ERROR, PGRES_BAD_RESPONSE:
            if exchange.failure == nil { fail(result.error, &exchange) }
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY:
            succeed(result, &exchange)
        default: break
        }
    }

    private func fail(_ error: PostgresError, _ exchange: inout Exchange) {
        exchange.failure = (exchange.operation, error)
        guard exchange.answered < exchange.steps.count,
            case .execute(let operation, cached: true) = exchange.steps[exchange.answered],
            error.sqlState == "0A000" || error.sqlState == "26000"
        else { return }
        exchange.isStale = true
        if let name = cache.remove(exchange.batch.operations[operation].text), error.sqlState == "0A000" {
            unwanted.append(name)
        }
    }

    private func succeed(_ result: ResultHandle, _ exchange: inout Exchange) {
        guard exchange.answered < exchange.steps.count else { return }
        switch exchange.steps[exchange.answered] {
        case .prepare(let operation, let name):
            unwanted += cache.insert(name, for: exchange.batch.operations[operation].text)
        case .execute(let operation, _):
            if operation == exchange.batch.main { exchange.rows = PostgresRows(handle: result) }
            let text = exchange.batch.operations[operation].text
            // Postgres answers COMMIT of a failed transaction with ROLLBACK, as if all were well.
            if text == "COMMIT", result.command == "ROLLBACK" {
                let error = PostgresError(
                    .server, sqlState: "25P02", message: "the transaction was rolled back: a statement had failed")
                exchange.failure = exchange.failure ?? (operation, error)
            }
        }
    }

    /// The next result, or nil at the end of a statement's. Sends what is left to send meanwhile.
    func nextResult(
        _ exchange: inout Exchange, _ connection: OpaquePointer
    ) throws(ConnectionLost) -> OpaquePointer? {
        while true {
            let flushed = PQflush(connection)
            if flushed < 0 || PQisBusy(connection) == 0 { return PQgetResult(connection) }
            try watch(&exchange)
            let readiness = Poll.wait(
                wake: mailbox, socket: PQsocket(connection), writable: flushed == 1, until: exchange.limit)
            // When reading fails, an error that came before the end of the stream is still to be had.
            if readiness.socket, PQconsumeInput(connection) == 0 { return PQgetResult(connection) }
        }
    }

    /// Asks the server to stop when the deadline passed or the task was cancelled, and gives up some time after.
    private func watch(_ exchange: inout Exchange) throws(ConnectionLost) {
        let isLate = ContinuousClock.now >= exchange.limit
        if exchange.stopping != nil {
            if isLate { throw ConnectionLost(message: "no answer to a cancel request") }
            return
        }
        let reason: Exchange.Reason
        if exchange.batch.isCancellable, exchange.flag.isSet {
            reason = .cancelled
        } else if isLate {
            reason = .timeout
        } else {
            return
        }
        let mailbox = mailbox
        let request = cancelHandle.map { handle in canceller.cancel(handle) { mailbox.wake() } }
        exchange.stopping = (reason, request)
        exchange.limit = .now + Self.grace
    }

    func errorMessage(_ connection: OpaquePointer) -> String {
        let text = PQerrorMessage(connection).map { String(cString: $0) } ?? ""
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        return line.isEmpty ? "the connection was lost" : configuration.redact(line)
    }
}
