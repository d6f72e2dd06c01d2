public import Conversations
import Foundation
public import Logging
public import ServiceLifecycle
import Synchronization
public import Tenancy

/// Runs the agents' turns of this process.
///
/// A message that starts agents carries `routing {state: pending}`: it is its own outbox. ``start(_:)`` works it off
/// at once; what a dead process left pending, ``sweep()`` of any process finishes. Running a turn twice is harmless:
/// reply and log have ids that follow from trigger and agent.
///
/// ```swift
/// draft.routing = try await runner.plan(request, in: scope).json
/// let message = try await conversations.append(draft, to: id, in: scope).message
/// let outcome = try await runner.start(message).outcome(within: .seconds(10))
/// ```
public final class TurnRunner: Service {
    struct Job: Sendable {
        var message: Message
        var ticket: TurnTicket
        /// Another process may have begun with it.
        var isRepeat: Bool
    }

    private struct State {
        var queue: TurnQueue<Job>
        var tickets: [UUID: TurnTicket] = [:]
        var isClosed = false
    }

    private let registry: AgentRegistry
    private let executor: TurnExecutor
    private let conversations: ConversationStore
    private let configuration: TurnConfiguration
    private let logger: Logger
    private let state: Mutex<State>
    private let signals: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation

    /// A runner; ``run()`` must run for turns to be worked off.
    /// - Parameters:
    ///   - company: reads the company of a scope, from a cache if there is one.
    ///   - onEvent: hears of turns that begin and end. Must be quick and must not block.
    public init(
        registry: AgentRegistry, conversations: ConversationStore, states: AgentStateStore, logs: AgentLogStore,
        company: @escaping @Sendable (TenantScope) async throws -> Company,
        configuration: TurnConfiguration = TurnConfiguration(), logger: Logger,
        onEvent: @escaping @Sendable (TurnEvent) -> Void = { _ in }
    ) {
        self.registry = registry
        self.conversations = conversations
        self.configuration = configuration
        self.logger = logger
        executor = TurnExecutor(
            registry: registry, conversations: conversations, states: states, logs: logs, company: company,
            configuration: configuration, logger: logger, onEvent: onEvent)
        state = Mutex(
            State(
                queue: TurnQueue(
                    limit: configuration.waiting, atOnce: configuration.turnsAtOnce,
                    perCompany: configuration.turnsPerCompany)))
        (signals, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Decides which agents a message will start; its ``RoutingPlan/json`` belongs into the draft's `routing`.
    /// - Throws: `NotFound` for a target that the author may not reach.
    public func plan(_ request: Router.Request, in scope: TenantScope) async throws -> RoutingPlan {
        guard request.role.startsAgents else { return RoutingPlan() }
        let author: MentionAuthor = request.role == .customer ? .customer : .member
        return try Router(try await registry.directory(for: author, scope)).plan(request)
    }

    /// Starts what a stored message's routing asks for, once in this process, and returns a ticket to wait with. A
    /// message whose turns have ended gets a ticket with their replies. Costs nothing for messages without routing.
    /// - Throws: `MongoError` while looking up old replies.
    public func start(_ message: Message) async throws -> TurnTicket {
        guard let routing = message.routing else { return TurnTicket(message.id, ended: []) }
        guard routing["state"]?.stringValue == ConversationStore.pendingRouting else {
            return TurnTicket(message.id, ended: try await executor.results(of: message))
        }
        return enqueue(message, isRepeat: false) ?? TurnTicket(message.id)
    }

    /// Works turns off until the service group shuts down; then the running ones end and the waiting ones stay pending
    /// for another process.
    public func run() async throws {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.sweepUntilShutdown() }
            dispatch(&group)
            for await _ in signals.cancelOnGracefulShutdown() { dispatch(&group) }
            close()
        }
    }

    /// Takes up messages that were left pending for ``TurnConfiguration/sweepAge``.
    /// - Returns: how many were taken up.
    public func sweep() async throws -> Int { try await sweep(olderThan: configuration.sweepAge).count }

    func sweep(olderThan age: Duration) async throws -> [TurnTicket] {
        let before = Date().addingTimeInterval(-Double(age.milliseconds) / 1_000)
        return try await conversations.messagesWithPendingRouting(before: before, limit: 200)
            .sorted { ($0.timestamp, $0.seq) < ($1.timestamp, $1.seq) }
            .compactMap { enqueue($0, isRepeat: true) }
    }

    /// The ticket of the message's turns, new or already there; nil when the queue is full or the runner is closed.
    private func enqueue(_ message: Message, isRepeat: Bool) -> TurnTicket? {
        let ticket: TurnTicket? = state.withLock { state in
            if let ticket = state.tickets[message.id] { return ticket }
            let lane = TurnQueue<Job>.Lane(companyId: message.companyId, conversationId: message.conversationId)
            let job = Job(message: message, ticket: TurnTicket(message.id), isRepeat: isRepeat)
            guard !state.isClosed, state.queue.enqueue(job, in: lane) else { return nil }
            state.tickets[message.id] = job.ticket
            return job.ticket
        }
        if ticket == nil { logger.warning("turns wait in the database: the queue is full or closed") }
        signal.yield()
        return ticket
    }

    private func dispatch(_ group: inout DiscardingTaskGroup) {
        while let (job, lane) = state.withLock({ $0.isClosed ? nil : $0.queue.next() }) {
            group.addTask {
                let isSettled = await self.executor.execute(job)
                self.state.withLock { state in
                    state.queue.finish(lane)
                    state.tickets[job.message.id] = nil
                }
                if isSettled { job.ticket.complete() } else { job.ticket.release() }
                self.signal.yield()
            }
        }
    }

    private func close() {
        let left = state.withLock { state in
            state.isClosed = true
            return state.queue.drain()
        }
        for job in left { job.ticket.release() }
    }

    private func sweepUntilShutdown() async {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    let taken = try await self.sweep()
                    if taken > 0 {
                        self.logger.info("turns left pending were taken up", metadata: ["count": "\(taken)"])
                    }
                } catch {
                    self.logger.warning("looking for pending turns failed", metadata: ["error": "\(error)"])
                }
                try? await Task.sleep(for: self.configuration.sweepInterval)
            }
        }
    }
}
