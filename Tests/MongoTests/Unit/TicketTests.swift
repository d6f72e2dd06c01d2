import Testing

@testable import Mongo

@Suite struct TicketTests {
    private func ticket(
        _ intent: Intent = .read, after time: Duration = .seconds(60),
        _ body: @escaping @Sendable () throws -> Int = { 1 }
    ) -> Ticket<Int> {
        Ticket(deadline: .now + time, intent: intent) { _ in try body() }
    }

    /// With a handle that these bodies never look at.
    private func run(_ ticket: Ticket<Int>) throws {
        ticket.run(in: WorkerContext(client: try #require(OpaquePointer(bitPattern: 1)), session: nil, deadline: .now))
    }

    private func answer(_ ticket: Ticket<Int>) async throws -> Int {
        try await withCheckedThrowingContinuation { ticket.wait($0) }
    }

    @Test("An answer that comes before the caller waits is not lost")
    func early() async throws {
        let ticket = ticket()
        #expect(ticket.settle(.success(5)))
        #expect(!ticket.settle(.success(6)))
        #expect(try await answer(ticket) == 5)
    }

    @Test("Result, deadline and cancellation race: exactly one answer")
    func race() async throws {
        for round in 0..<500 {
            let ticket = ticket { round }
            async let answer = Result { try await self.answer(ticket) }
            await withTaskGroup { group in
                group.addTask { try? self.run(ticket) }
                group.addTask { ticket.interrupt(.expired) }
                group.addTask { ticket.interrupt(.cancelled) }
                group.addTask { ticket.fail(MongoError(.shutdown, "")) }
            }
            _ = await answer
            #expect(!ticket.settle(.success(0)))
        }
    }

    @Test("A write that is reported as never sent has never been begun, however close the race")
    func neverSent() async throws {
        for _ in 0..<2000 {
            let begun = Counter()
            let ticket = ticket(.write) { begun.add(1) }
            await withTaskGroup { group in
                group.addTask { try? self.run(ticket) }
                group.addTask { ticket.interrupt(Bool.random() ? .expired : .cancelled) }
            }
            switch try await code(of: ticket) {
            case .timeout, .cancelled: #expect(begun.value == 0)
            case nil, .outcomeUnknown: #expect(begun.value == 1)
            case let other: Issue.record("\(String(describing: other))")
            }
        }
    }

    @Test("A job whose caller is gone, or whose time is up, is not begun")
    func notBegun() async throws {
        let cancelled = ticket { throw MongoError(.invalid, "must not run") }
        cancelled.interrupt(.cancelled)
        try run(cancelled)
        #expect(try await code(of: cancelled) == .cancelled)
        let late = ticket(.write, after: .seconds(-1)) { throw MongoError(.invalid, "must not run") }
        try run(late)
        #expect(try await code(of: late) == .timeout)
    }

    @Test("A write that is given up while it runs is unknown; a read is not")
    func running() async throws {
        for (intent, expected): (Intent, MongoError.Code) in [
            (.read, .timeout), (.transactional, .timeout), (.write, .outcomeUnknown), (.commit, .outcomeUnknown),
        ] {
            let ticket = ticket(intent)
            #expect(ticket.begin())
            ticket.interrupt(.expired)
            #expect(try await code(of: ticket) == expected)
        }
    }

    private func code(of ticket: Ticket<Int>) async throws -> MongoError.Code? {
        do {
            _ = try await answer(ticket)
            return nil
        } catch let error as MongoError { return error.code }
    }
}

extension Result where Failure == any Error {
    init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
