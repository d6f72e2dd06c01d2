import NIOCore
import Testing

@testable import Redis

@Suite struct PipelineStateTests {
    typealias State = PipelineState<Int>
    let start = NIODeadline.uptimeNanoseconds(1_000)

    func makeState(commands: Int = 100, bytes: Int = 1_000) -> State {
        State(limits: .init(commands: commands, bytes: bytes))
    }

    @discardableResult
    func enqueue(
        _ state: inout State, _ ticket: Int, after: Int64 = 10, batch: Int? = nil, size: Int = 10
    ) throws -> Bool {
        try state.enqueue(
            ticket: UInt64(ticket), waiter: ticket, deadline: start + .nanoseconds(after), commands: batch ?? 1,
            isBatch: batch != nil, size: size
        ) { $0.writeString("<\(ticket)>") }
    }

    func describe(_ answer: State.Answer) -> String {
        switch answer {
        case .dropped: "dropped"
        case .partial: "partial"
        case .one(let waiter, let value): "\(waiter)=\(value.integer ?? -1)"
        case .many(let waiter, let values): "\(waiter)=\(values.compactMap(\.integer))"
        case .unsolicited: "unsolicited"
        }
    }

    @Test func `replies go to the commands in their order, past given-up ones and through batches`() throws {
        var state = makeState()
        try enqueue(&state, 1)
        try enqueue(&state, 2)
        try enqueue(&state, 3, batch: 2)
        try enqueue(&state, 4, batch: 2)
        try enqueue(&state, 5)
        #expect(state.cancel(2) == 2)
        #expect(state.cancel(2) == nil)
        #expect(state.cancel(4) == 4)
        let answers = (10...17).map { describe(state.answer(.integer($0))) }
        #expect(answers == ["1=10", "dropped", "partial", "3=[12, 13]", "partial", "dropped", "5=16", "unsolicited"])
        #expect(state.pendingCommands == 0)
        #expect(state.pendingBytes == 0)
    }

    @Test func `one flush is asked for, and takes everything`() throws {
        var state = makeState()
        #expect(try enqueue(&state, 1))
        #expect(try !enqueue(&state, 2))
        #expect(state.takeOutgoing().map { String(buffer: $0) } == "<1><2>")
        #expect(state.takeOutgoing() == nil)
        #expect(try enqueue(&state, 3))
    }

    @Test func `limits count what waits for replies, given up or not, and change nothing when hit`() throws {
        var state = makeState(commands: 3, bytes: 25)
        try enqueue(&state, 1)
        try enqueue(&state, 2)
        _ = state.cancel(1)
        #expect(throws: RedisError.overloaded(limit: "25 bytes")) { try enqueue(&state, 3, size: 6) }
        #expect(throws: RedisError.overloaded(limit: "3 commands")) { try enqueue(&state, 3, batch: 2, size: 1) }
        #expect(state.takeOutgoing().map { String(buffer: $0) } == "<1><2>")
        _ = state.answer(.null)
        try enqueue(&state, 3, batch: 2, size: 15)
        #expect(state.pendingCommands == 3)
        #expect(state.pendingBytes == 25)
    }

    @Test func `the earliest deadline is watched, also of a later command and of a given-up one`() throws {
        var state = makeState()
        try enqueue(&state, 1, after: 50)
        #expect(state.checkToSchedule() == start + .nanoseconds(50))
        #expect(state.checkToSchedule() == nil)
        try enqueue(&state, 2, after: 20)
        let early = start + .nanoseconds(20)
        #expect(state.checkToSchedule() == early)
        _ = state.cancel(2)
        let replaced = state.check(scheduled: start + .nanoseconds(50), now: start + .nanoseconds(60))
        #expect(!replaced)
        let isOverdue = state.check(scheduled: early, now: early)
        #expect(isOverdue)
    }

    @Test func `a look after the replies came finds nothing and asks for the next one`() throws {
        var state = makeState()
        try enqueue(&state, 1, after: 20)
        let first = start + .nanoseconds(20)
        #expect(state.checkToSchedule() == first)
        _ = state.answer(.null)
        try enqueue(&state, 2, after: 90)
        #expect(state.checkToSchedule() == nil)
        let isOverdue = state.check(scheduled: first, now: first)
        #expect(!isOverdue)
        #expect(state.checkToSchedule() == start + .nanoseconds(90))
    }

    @Test func `closing tells who was late and lets nothing in afterwards`() throws {
        var state = makeState()
        try enqueue(&state, 1, after: 5)
        try enqueue(&state, 2, after: 50)
        try enqueue(&state, 3, after: 50)
        _ = state.cancel(3)
        let waiters = state.close(now: start + .nanoseconds(5))
        #expect(waiters.map(\.waiter) == [1, 2])
        #expect(waiters.map(\.isOverdue) == [true, false])
        #expect(throws: RedisError.unavailable) { try enqueue(&state, 4) }
        #expect(state.takeOutgoing() == nil)
    }
}
