import Cache
import Foundation
import Metrics
import ServiceLifecycle
import Synchronization
import Tenancy

/// The open streams of this process: counts and bounds them, and wakes each when it is time to look after something.
/// One task for all of them, so that an idle stream has none of its own.
final class StreamHub: Service {
    /// How often a silent line shows that it is alive, in seconds.
    static let beatSeconds = 15
    /// How often a stream checks that its caller still may, in seconds, when nothing says so at once.
    static let rightsSeconds = 30
    /// After how long in which a client took nothing its connection is closed.
    static let stuckTime = Duration.seconds(30)
    /// The same while the server stops, which would wait for it.
    static let stuckTimeWhenStopping = Duration.seconds(3)

    private struct State {
        var streams: [Int: Weak] = [:]
        var perCaller: [UUID: Int] = [:]
        var nextNumber = 0
        var isStopping = false
    }

    /// A ticket that may be gone already.
    private struct Weak: Sendable {
        weak let ticket: StreamTicket?
    }

    private let feed: EventFeed
    private let presence: PresenceKeeper
    private let limits: StreamLimits
    private let state = Mutex(State())
    private let open = Gauge(label: "switchboard_streams_open")

    init(feed: EventFeed, presence: PresenceKeeper, limits: StreamLimits) {
        self.feed = feed
        self.presence = presence
        self.limits = limits
    }

    /// How many streams are open.
    var count: Int { state.withLock { $0.streams.count } }

    /// Takes a stream in.
    /// - Parameter conversationId: the conversation that the company may know the caller to look at.
    /// - Throws: ``Problem``: 503 when the process has enough streams or is stopping, 429 when the caller has.
    func admit(_ scope: TenantScope, conversationId: UUID?) throws(Problem) -> StreamTicket {
        let caller = scope.actorId
        let admitted: Result<Int, Problem> = state.withLock { state in
            if state.isStopping { return .failure(.unavailable("This server is stopping; connect again.")) }
            guard state.streams.count < limits.total else {
                return .failure(
                    .unavailable("This server serves no more streams at once; try again.", retryAfter: 5))
            }
            guard state.perCaller[caller, default: 0] < limits.perCaller else {
                var problem = Problem(
                    status: .tooManyRequests, code: .rateLimited,
                    detail: "At most \(limits.perCaller) streams may be open at once for one caller; close one first.")
                problem.headers[.retryAfter] = "5"
                return .failure(problem)
            }
            state.nextNumber += 1
            state.perCaller[caller, default: 0] += 1
            state.streams[state.nextNumber] = Weak(ticket: nil)
            return .success(state.nextNumber)
        }
        let number = try admitted.get()
        let person = scope.userId.map {
            PresenceBook.Stream(companyId: scope.companyId, userId: $0, conversationId: conversationId)
        }
        let ticket = StreamTicket(
            number: number, companyId: scope.companyId, caller: caller, person: person, hub: self)
        let count = state.withLock { state in
            state.streams[number] = Weak(ticket: ticket)
            return state.streams.count
        }
        open.record(count)
        if let person { presence.open(person) }
        return ticket
    }

    func close(_ number: Int, caller: UUID, person: PresenceBook.Stream?) {
        if let person { presence.close(person) }
        let count = state.withLock { state in
            state.streams[number] = nil
            let left = state.perCaller[caller, default: 1] - 1
            state.perCaller[caller] = left > 0 ? left : nil
            return state.streams.count
        }
        open.record(count)
    }

    /// The server stops: no stream is taken in any more, and nobody waits long for a slow client.
    func stop() { state.withLock { $0.isStopping = true } }

    /// Lets the company's streams of this process check their callers' rights now.
    func checkRights(of companyId: UUID) {
        for ticket in tickets where ticket.companyId == companyId { ticket.signal(.rights) }
    }

    /// Wakes who is due in second number `second`. Streams take turns, so that the load is even.
    func tick(_ second: Int) {
        let (tickets, isStopping) = (tickets, state.withLock { $0.isStopping })
        let period = Self.pollPeriod(streams: tickets.count, isConnected: feed.isConnected)
        for ticket in tickets {
            let turn = second &+ ticket.number
            var signals: StreamSignals = []
            if turn % Self.beatSeconds == 0 { signals.insert(.beat) }
            if turn % Self.rightsSeconds == 0 { signals.insert(.rights) }
            if turn % period == 0 || (turn % 2 == 0 && ticket.wantsPoll) { signals.insert(.poll) }
            if !signals.isEmpty { ticket.signal(signals) }
            ticket.closeIfStuck(for: isStopping ? Self.stuckTimeWhenStopping : Self.stuckTime)
        }
    }

    /// How many seconds pass between two questions of a stream to the store. Live events make it needless, but for an
    /// event that was lost with the process which was to publish it. Without Redis it is the way by which messages
    /// come. Bounded to 100 questions a second, or 500.
    static func pollPeriod(streams: Int, isConnected: Bool) -> Int {
        isConnected ? max(30, streams / 100) : max(2, streams / 500)
    }

    /// Ticks until the service group shuts down.
    func run() async throws {
        await cancelWhenGracefulShutdown {
            for second in 0... {
                guard (try? await Task.sleep(for: .seconds(1))) != nil else { return }
                self.tick(second)
            }
        }
    }

    private var tickets: [StreamTicket] { state.withLock { $0.streams.values.compactMap(\.ticket) } }
}

/// How many streams may be open at once.
public struct StreamLimits: Sendable, Hashable {
    /// In this process.
    public var total = 8_000
    /// By one person, API key or visitor in this process.
    public var perCaller = 100

    init() {}
}
