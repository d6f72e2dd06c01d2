import Foundation
import Logging

/// One place of the pool: a thread of its own with at most one connection, which it opens when the first batch comes and
/// again after it was lost. The thread starts with the first command.
final class ConnectionSlot: Sendable {
    private let mailbox = Mailbox()
    private let start: @Sendable (Mailbox) -> Void
    private let started = StartOnce()

    init(
        number: Int, configuration: PostgresConfiguration, counters: Counters, canceller: Canceller, logger: Logger
    ) {
        start = { mailbox in
            let thread = Thread {
                let worker = ConnectionWorker(
                    mailbox: mailbox, configuration: configuration, counters: counters, canceller: canceller,
                    logger: logger)
                worker.work()
            }
            thread.name = "postgres-\(number)"
            thread.stackSize = 1 << 20
            thread.start()
        }
    }

    deinit {
        if started.wasDone { _ = mailbox.post(.terminate(nil)) }
    }

    var isConnected: Bool { mailbox.isConnected }

    /// Sends a batch and waits for its answer. The task's cancellation cancels the statement on the server; this
    /// returns when that is settled, which is bounded.
    func run(_ batch: Batch) async throws -> PostgresRows {
        let flag = CancellationFlag()
        let rows = try await ask(flag, cancellable: batch.isCancellable) { .run(batch, flag, $0) }
        guard let rows else { throw PostgresError(.server, message: "the server sent no result") }
        return rows
    }

    /// Runs text of several statements.
    func script(_ text: String, timeout: Duration) async throws {
        let flag = CancellationFlag()
        _ = try await ask(flag, cancellable: true) { .script(text, timeout: timeout, flag, $0) }
    }

    /// Closes the connection, so that nothing of its session is left.
    func close() async {
        _ = try? await ask(CancellationFlag(), cancellable: false) { .close($0) }
    }

    /// Ends the thread when it has done what it was asked before.
    func terminate() async {
        guard started.wasDone else { return }
        await withCheckedContinuation { continuation in
            if !mailbox.post(.terminate(continuation)) { continuation.resume() }
        }
    }

    private func ask(
        _ flag: CancellationFlag, cancellable: Bool, _ command: (Command.Reply) -> Command
    ) async throws -> PostgresRows? {
        if started.first() { start(mailbox) }
        return try await withTaskCancellationHandler {
            await withCheckedContinuation { reply in
                if !mailbox.post(command(reply)) {
                    reply.resume(returning: .failure(PostgresError(.connection, message: "the client is shut down")))
                }
            }
        } onCancel: {
            if cancellable {
                flag.set()
                mailbox.wake()
            }
        }.get()
    }
}
