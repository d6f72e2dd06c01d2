internal import CLibmongoc

/// Pins a worker thread to one session while a transaction is open: the thread starts the session, does the session's
/// jobs from their own queue, and ends it. A transaction that is still open then is aborted by the server's session end.
final class Lease: Job {
    let inbox = JobQueue(limit: 64)
    let ticket: Ticket<Void>
    private let lifetime: Duration

    var deadline: ContinuousClock.Instant { ticket.deadline }

    init(deadline: ContinuousClock.Instant, lifetime: Duration) {
        self.lifetime = lifetime
        self.ticket = Ticket(deadline: deadline, intent: .transactional) { _ in }
    }

    func run(in context: WorkerContext) {
        guard ticket.begin() else { return }
        var error = bson_error_t()
        guard let session = mongoc_client_start_session(context.client, nil, &error) else {
            return ticket.fail(ErrorTranslator.translate(LibraryError(error), intent: .transactional))
        }
        // Also aborts what is still open.
        defer { mongoc_client_session_destroy(session) }
        guard ticket.settle(.success(())) else { return }
        let end = ContinuousClock.now + lifetime
        while let job = inbox.next(until: end) {
            job.run(in: WorkerContext(client: context.client, session: session, deadline: job.deadline))
        }
        inbox.abandon(MongoError(.timeout, "The transaction was open for longer than \(lifetime)"))
    }

    func fail(_ error: MongoError) { ticket.fail(error) }
    func interrupt(_ reason: Interruption) { ticket.interrupt(reason) }
}
