public import Cache
public import Conversations
import Foundation
public import Logging
public import ServiceLifecycle
import Synchronization
public import Tenancy

/// Accepts the turns that messages ask for and runs those of all processes.
///
/// A message that starts agents carries `routing {state: pending}`: it is its own outbox. ``start(_:)`` makes durable
/// turns of it (``Turn``) and settles it; what a dead process left pending, the sweep of any other takes up. Workers
/// claim turns from MongoDB under a lease. The process that accepted a message claims its turn in the same write when
/// nothing stands before it; others find what is due by looking a few times a second.
///
/// ```swift
/// draft.routing = try await runner.plan(request, in: scope).json
/// let message = try await conversations.append(draft, to: id, in: scope).message
/// let outcome = await runner.start(message).outcome(within: .seconds(10))
/// ```
public final class TurnRunner: Service {
    private struct Ticket { weak var ticket: TurnTicket? }

    private struct State {
        var places: TurnPlaces
        var intake: [Message] = []
        var taken: Set<UUID> = []
        var tickets: [UUID: Ticket] = [:]
        /// What ends the runs of turns here.
        var interrupts: [UUID: AsyncStream<Void>.Continuation] = [:]
        var isClosed = false
    }

    let executor: TurnExecutor
    let conversations: ConversationStore
    let configuration: TurnConfiguration
    let logger: Logger
    private let registry: AgentRegistry
    private let state: Mutex<State>
    private let signals: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation

    /// A runner; ``run()`` must run for turns to be accepted and worked off.
    /// - Parameters:
    ///   - company: reads the company of a scope, from a cache if there is one.
    ///   - onEvent: hears of turns that begin and end. Must be quick and must not block.
    ///   - onDelta: hears of answers while they are being written. Must be quick and must not block.
    ///   - onTool: hears of tool calls as they begin and end. Must be quick and must not block.
    ///   - onControl: hears that control of a conversation of this company changed.
    ///   - limits: how much one author may ask.
    ///   - onModelAnswer: hears in which conversation which agent answered with a language model. Must be quick and must
    ///     not block.
    ///   - onWaiting: hears that a turn waits which this process will not run at once. Must be quick and must not block.
    public init(
        registry: AgentRegistry, conversations: ConversationStore, states: AgentStateStore, logs: AgentLogStore,
        company: @escaping @Sendable (TenantScope) async throws -> Company,
        configuration: TurnConfiguration = TurnConfiguration(), limits: TurnLimits = .none, logger: Logger,
        onEvent: @escaping @Sendable (TurnEvent) -> Void = { _ in },
        onDelta: @escaping @Sendable (TurnDelta) -> Void = { _ in },
        onTool: @escaping @Sendable (ToolEvent) -> Void = { _ in },
        onControl: @escaping @Sendable (UUID) async -> Void = { _ in },
        onWaiting: @escaping @Sendable () -> Void = {},
        onModelAnswer: @escaping @Sendable (Conversation, _ agent: String) -> Void = { _, _ in }
    ) {
        self.registry = registry
        self.conversations = conversations
        self.configuration = configuration
        self.logger = logger
        executor = TurnExecutor(
            registry: registry, conversations: conversations, states: states, logs: logs, company: company,
            configuration: configuration, logger: logger,
            hooks: TurnHooks(
                onEvent: onEvent, onDelta: onDelta, onTool: onTool, onControl: onControl, onWaiting: onWaiting,
                onModelAnswer: onModelAnswer),
            limits: limits)
        state = Mutex(
            State(places: TurnPlaces(atOnce: configuration.turnsAtOnce, perCompany: configuration.turnsPerCompany)))
        (signals, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Decides which agents a message will start; its ``RoutingPlan/json`` belongs into the draft's `routing`.
    /// - Parameter generations: the company's, when the caller has them from its request; asked for otherwise.
    /// - Throws: `NotFound` for a target that the author may not reach.
    nonisolated(nonsending) public func plan(
        _ request: Router.Request, in scope: TenantScope, generations: CacheGenerations? = nil
    ) async throws -> RoutingPlan {
        guard request.role.startsAgents else { return RoutingPlan() }
        if let plan = try Router.planOfNobody(request) { return plan }
        let author: MentionAuthor = request.role == .customer ? .customer : .member
        return try Router(try await registry.directory(for: author, scope, generations: generations)).plan(request)
    }

    /// Starts what a stored message's routing asks for, once, and returns a ticket to wait with.
    public func start(_ message: Message) -> TurnTicket {
        let ticket = ticket(for: message)
        begin(message)
        return ticket
    }

    /// As ``start(_:)`` for who does not wait. Costs nothing for messages without routing.
    public func begin(_ message: Message) {
        if message.routing?["state"]?.stringValue == ConversationStore.pendingRouting, !take(message) {
            logger.warning("turns wait in the database: the queue is full or closed")
        }
    }

    /// Lets a turn go on that waited for a decision.
    /// - Throws: `MongoError`; the sweep of any process does it then.
    public func resume(_ approval: Approval) async throws {
        let scope = TenantScope.forJob(companyId: approval.companyId)
        if try await conversations.turns.resume(approval.turnId, scope) {
            try await conversations.approvals.noteDelivered(approval)
            wakeAll()
        }
    }

    /// Works until the service group shuts down; then the running turns end and the others stay for another process.
    public func run() async throws {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.sweepUntilShutdown() }
            if configuration.works { group.addTask { await self.pollUntilShutdown() } }
            for await _ in signals.cancelOnGracefulShutdown() {
                while let message = nextMessage() { group.addTask { await self.accept(message) } }
                if configuration.works { await claim(&group) }
            }
            close()
        }
    }

    /// Looks for work soon. Looking without need costs one query.
    public func wake() { signal.yield() }

    /// Looks for work soon, here or wherever turns are run.
    func wakeAll() {
        wake()
        if !configuration.works { executor.hooks.onWaiting() }
    }

    /// How many more turns this process could run.
    var freePlaces: Int { state.withLock { $0.places.free } }

    // MARK: Accepting

    /// Takes a message in; false when there is no room. One that is taken already is not taken again.
    func take(_ message: Message) -> Bool {
        let isRoom = state.withLock { state in
            guard !state.isClosed else { return false }
            if state.taken.contains(message.id) { return true }
            guard state.taken.count < configuration.waiting else { return false }
            state.taken.insert(message.id)
            state.intake.append(message)
            return true
        }
        wake()
        return isRoom
    }

    private func nextMessage() -> Message? {
        state.withLock { $0.intake.isEmpty ? nil : $0.intake.removeFirst() }
    }

    /// Makes durable turns of a message, and runs the first at once when nothing stands before it.
    private func accept(_ message: Message) async {
        defer { _ = state.withLock { $0.taken.remove(message.id) } }
        let lane = TurnStore.Lane(companyId: message.companyId, conversationId: message.conversationId)
        let scope = TenantScope.forJob(companyId: message.companyId)
        var turns = TurnPlanning.turns(for: message)
        let slot = configuration.works ? state.withLock { $0.places.take(lane) } : nil
        defer { if let slot { leave(lane, slot) } }
        do {
            guard let first = turns.first else { return try await settle(message, scope) }
            var claimed: Turn?
            // One that may be followed by another piece is left to a claim, which looks for those.
            if let slot, first.notBefore <= message.timestamp, try await isNext(message, scope),
                try await !conversations.turns.hasOpenTurn(in: lane.conversationId, scope)
            {
                turns[0] = first.claimed(slot: slot, at: Date().inMilliseconds)
                if try await conversations.turns.add([turns[0]]) == [.added] { claimed = turns[0] }
                turns[0] = first
            }
            // What could not be claimed waits with the others; what is there already stays as it is.
            let rest = claimed == nil ? turns : Array(turns.dropFirst())
            _ = try await conversations.turns.add(rest)
            if slot == nil { executor.hooks.onWaiting() }
            async let settled: Void = settle(message, scope)
            if let claimed { await run(claimed) }
            try await settled
        } catch {
            logger.error(
                "a message's turns are accepted later",
                metadata: ["message": "\(message.id.lowercased)", "error": "\(error)"])
        }
    }

    /// Whether the turns of all earlier messages are accepted, so that this one's cannot overtake them.
    private func isNext(_ message: Message, _ scope: TenantScope) async throws -> Bool {
        let unaccepted = try await conversations.turns.firstUnaccepted(
            in: message.conversationId, at: Date(), scope)
        return unaccepted.map { $0 >= message.seq } ?? true
    }

    private func settle(_ message: Message, _ scope: TenantScope) async throws {
        try await conversations.settleRouting(of: message.id, in: message.conversationId, scope)
    }

    // MARK: Running

    /// Starts the turns that are due, as many as there are places.
    private func claim(_ group: inout DiscardingTaskGroup) async {
        let free = state.withLock { $0.isClosed ? 0 : $0.places.free }
        guard free > 0 else { return }
        do {
            let lanes = try await conversations.turns.due(
                at: Date(), perCompany: configuration.turnsPerCompany, limit: free)
            for lane in lanes {
                guard let slot = state.withLock({ $0.isClosed ? nil : $0.places.take(lane) }) else { continue }
                group.addTask {
                    defer { self.leave(lane, slot) }
                    await self.claim(lane)
                }
            }
        } catch {
            logger.warning("looking for turns that are due failed", metadata: ["error": "\(error)"])
        }
    }

    private func claim(_ lane: TurnStore.Lane) async {
        do {
            let turn = try await conversations.turns.claim(
                lane, at: Date().inMilliseconds, perCompany: configuration.turnsPerCompany)
            if let turn { await run(turn) }
        } catch {
            logger.warning("claiming a turn failed", metadata: ["error": "\(error)"])
        }
    }

    private func run(_ turn: Turn) async {
        let (interrupted, interrupt) = AsyncStream<Void>.makeStream()
        state.withLock { $0.interrupts[turn.id] = interrupt }
        defer { state.withLock { $0.interrupts[turn.id] = nil } }
        guard let result = await executor.execute(turn, until: interrupted) else { return }
        state.withLock { $0.tickets[turn.triggerMessageId]?.ticket }?.add(result)
        // The conversation's or the company's next turn may be waiting for just this.
        wake()
    }

    /// Ends the run of a turn at once that was called off, when it is here; another process finds out by its claim.
    func interrupt(_ id: UUID) { state.withLock { $0.interrupts[id] }?.finish() }

    private func leave(_ lane: TurnStore.Lane, _ slot: Int) { state.withLock { $0.places.leave(lane, slot) } }

    private func pollUntilShutdown() async {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                self.wake()
                try? await Task.sleep(for: self.configuration.pollInterval)
            }
        }
    }

    // MARK: Tickets

    private func ticket(for message: Message) -> TurnTicket {
        let expected = TurnPlanning.count(for: message)
        let fresh = TurnTicket(
            message.id, expected: expected,
            // Where no turns are run an answer by rules is soon there without telling.
            firstPoll: configuration.works ? TurnTicket.pollInterval : .milliseconds(40)
        ) { [executor] in
            try? await executor.outcome(of: message, expected: expected)
        } onEnd: { [weak self] in
            self?.forgetTicket(message.id)
        }
        guard expected > 0 else { return fresh }
        return state.withLock { state in
            if let known = state.tickets[message.id]?.ticket { return known }
            state.tickets[message.id] = Ticket(ticket: fresh)
            return fresh
        }
    }

    /// Called when a ticket has gone, perhaps after another for the same message was made.
    private func forgetTicket(_ id: UUID) {
        let kept = state.withLock { state -> TurnTicket? in
            let ticket = state.tickets[id]?.ticket
            if ticket == nil { state.tickets[id] = nil }
            return ticket
        }
        // Let go of outside of the lock: this may be the last one to hold it.
        _ = kept
    }

    private func close() {
        let tickets = state.withLock { state in
            state.isClosed = true
            state.intake = []
            return state.tickets.values.compactMap(\.ticket)
        }
        for ticket in tickets { ticket.close() }
    }
}
