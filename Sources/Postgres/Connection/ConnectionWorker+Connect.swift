internal import CLibpq
import Foundation

extension ConnectionWorker {
    /// Opens the connection, within the connect timeout. libpq's own timeout does not hold for this way of connecting.
    /// Only the look-up of a host name cannot be interrupted.
    func connect(_ flag: CancellationFlag) -> PostgresError? {
        let limit = ContinuousClock.now + configuration.connectTimeout
        guard let connection = Self.start(configuration) else {
            return PostgresError(.connection, message: "libpq is out of memory")
        }
        if let error = finishConnecting(connection, limit, flag) {
            PQfinish(connection)
            return error
        }
        self.connection = connection
        cancelHandle = CancelHandle(connection: connection)
        counters.opened()
        if let error = prepareSession(limit) {
            disconnect()
            return error
        }
        mailbox.isConnected = true
        logger.debug("opened a Postgres connection")
        return nil
    }

    private static func start(_ configuration: PostgresConfiguration) -> OpaquePointer? {
        let settings = [
            ("fallback_application_name", "switchboard"), ("dbname", configuration.url), ("client_encoding", "UTF8"),
        ]
        // strdup: libpq wants arrays of C strings that end with NULL, and copies them.
        let names = settings.map { strdup($0.0) } + [nil]
        let values = settings.map { strdup($0.1) } + [nil]
        defer { for text in names + values { free(text) } }
        return PQconnectStartParams(names.map { UnsafePointer($0) }, values.map { UnsafePointer($0) }, 1)
    }

    private func finishConnecting(
        _ connection: OpaquePointer, _ limit: ContinuousClock.Instant, _ flag: CancellationFlag
    ) -> PostgresError? {
        // Otherwise libpq prints the server's notices to standard error.
        PQsetNoticeReceiver(connection, { _, _ in }, nil)
        if PQstatus(connection) == CONNECTION_BAD { return connectError(connection) }
        var wanted = PGRES_POLLING_WRITING
        while wanted != PGRES_POLLING_OK {
            if wanted == PGRES_POLLING_FAILED { return connectError(connection) }
            if flag.isSet { return PostgresError(.cancelled, message: "cancelled while connecting") }
            if ContinuousClock.now >= limit {
                let message = "no connection within \(configuration.connectTimeout) to \(configuration.redactedURL)"
                return PostgresError(.connection, message: message)
            }
            // The socket may be another one after each step.
            let readiness = Poll.wait(
                wake: mailbox, socket: PQsocket(connection), writable: wanted == PGRES_POLLING_WRITING,
                readable: wanted == PGRES_POLLING_READING, until: limit)
            if readiness.socket { wanted = PQconnectPoll(connection) }
        }
        return nil
    }

    private func prepareSession(_ limit: ContinuousClock.Instant) -> PostgresError? {
        guard let connection else { return PostgresError(.connection, message: "not connected") }
        guard PQsetnonblocking(connection, 1) == 0, PQenterPipelineMode(connection) == 1 else {
            return PostgresError(.connection, message: "libpq refuses pipeline mode")
        }
        // Timestamps are read in ISO style, which is the default of the server but not of every database.
        if let style = PQparameterStatus(connection, "DateStyle"), !String(cString: style).hasPrefix("ISO") {
            return housekeeping(["SET DateStyle TO 'ISO'"], limit)
        }
        return nil
    }

    /// libpq names host, port and user here, never the password. It does quote the URL it cannot read.
    private func connectError(_ connection: OpaquePointer) -> PostgresError {
        let text = PQerrorMessage(connection).map { String(cString: $0) } ?? ""
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        return PostgresError(.connection, message: configuration.redact(line))
    }
}
