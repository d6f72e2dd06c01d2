internal import CLibpq
import Foundation
import Logging

/// What one connection's thread does. Everything in here is touched by that thread alone.
final class ConnectionWorker {
    let mailbox: Mailbox
    let configuration: PostgresConfiguration
    let counters: Counters
    let canceller: Canceller
    let logger: Logger

    var connection: OpaquePointer?
    var cancelHandle: CancelHandle?
    var cache: StatementCache
    /// Prepared statements the server still holds and nobody wants.
    var unwanted: [String] = []

    init(
        mailbox: Mailbox, configuration: PostgresConfiguration, counters: Counters, canceller: Canceller, logger: Logger
    ) {
        self.mailbox = mailbox
        self.configuration = configuration
        self.counters = counters
        self.canceller = canceller
        self.logger = logger
        cache = StatementCache(capacity: configuration.statementCacheSize)
    }

    /// Takes commands until it is told to end.
    func work() {
        while true {
            guard let command = mailbox.next() else {
                waitIdle()
                continue
            }
            switch command {
            case .run(let batch, let flag, let reply):
                let answer = run(batch, flag)
                reply.resume(returning: answer)
                dropUnwantedStatements()
            case .script(let text, let timeout, let flag, let reply):
                reply.resume(returning: runScript(text, timeout: timeout, flag))
            case .close(let reply):
                disconnect()
                reply.resume(returning: .success(nil))
            case .terminate(let done):
                end()
                done?.resume()
                return
            }
        }
    }

    private func end() {
        disconnect()
        let error = PostgresError(.connection, message: "the client is shut down")
        for command in mailbox.shut() {
            switch command {
            case .run(_, _, let reply), .script(_, _, _, let reply), .close(let reply):
                reply.resume(returning: .failure(error))
            case .terminate(let done): done?.resume()
            }
        }
    }

    /// Sleeps until there is a command; notices meanwhile when the server hangs up.
    private func waitIdle() {
        guard let connection else {
            _ = Poll.wait(wake: mailbox, until: nil)
            return
        }
        let readiness = Poll.wait(wake: mailbox, socket: PQsocket(connection), until: nil)
        guard readiness.socket else { return }
        // PQisBusy reads the notices that came in, so that they do not pile up.
        if PQconsumeInput(connection) == 0 || (PQisBusy(connection) == 0 && PQstatus(connection) == CONNECTION_BAD) {
            logger.info("a Postgres connection was closed by the server while it was idle")
            disconnect()
        }
    }

    func disconnect() {
        if let connection {
            PQfinish(connection)
            counters.closed()
        }
        connection = nil
        cancelHandle = nil
        cache = StatementCache(capacity: configuration.statementCacheSize)
        unwanted = []
        mailbox.isConnected = false
    }
}
