import Foundation
import Logging
import Redis
import Synchronization
import Tenancy

/// Follows the streams of all companies that have readers in this process, by one blocking XREAD on one connection.
final class FeedTail: Sendable {
    private static let blockTime = Duration.seconds(2)
    private static let batchSize = 100

    private let client: RedisClient
    private let logger: Logger
    private let state = Mutex(TailState())

    init(client: RedisClient, logger: Logger) {
        self.client = client
        self.logger = logger
    }

    func subscribe(
        _ company: UUID, _ conversation: UUID?, _ caller: Caller, buffer: Int
    ) async -> FeedSubscription {
        let inbox = BoundedInbox<FeedDelivery>(limit: max(buffer, 1), gap: .resync)
        let reader = TailState.Reader(inbox: inbox, caller: caller, conversation: conversation)
        let (number, isUnknown) = state.withLock { $0.add(reader, company) }
        let subscription = FeedSubscription(inbox: inbox) { [weak self] in
            self?.state.withLock { $0.remove(number, company, conversation) }
        }
        if isUnknown {
            let position = try? await FeedReader(client: client).lastId(company)
            state.withLock { $0.endSeeking(company, position: position) }
        }
        let (starts, wakes, isClosed) = state.withLock { state in
            let starts = !state.isRunning && !state.isClosed
            if starts { state.isRunning = true }
            return (starts, !starts && state.startWaking(), state.isClosed)
        }
        if isClosed { inbox.finish() }
        if starts { Task { await self.run() } }
        if wakes { Task { await self.wake() } }
        return subscription
    }

    func close() {
        let readers = state.withLock { state in
            state.isClosed = true
            return state.allReaders
        }
        for reader in readers { reader.inbox.finish() }
        Task { await self.unblock() }
    }

    /// Ends by itself when there is no reader any more.
    private func run() async {
        var backoff = Backoff()
        while true {
            do {
                return try await client.withBlockingConnection { connection in
                    let id = try await connection.id()
                    state.withLock { $0.connectionId = id }
                    backoff.reset()
                    try await follow(connection)
                }
            } catch {
                let readers = state.withLock { state in
                    state.forgetPositions()
                    return state.allReaders
                }
                for reader in readers { reader.inbox.pushGap() }
                logger.debug("The feed's connection was lost", metadata: ["reason": "\(error)"])
                guard state.withLock({ $0.plan() }) != nil else { return }
                try? await Task.sleep(for: backoff.next())
            }
        }
    }

    private func follow(_ connection: RedisBlockingConnection) async throws {
        while let plan = state.withLock({ $0.plan() }) {
            try await findPositions(plan.unknown, connection)
            guard !plan.positions.isEmpty else {
                if plan.isEmpty { try await Task.sleep(for: .milliseconds(10)) }
                continue
            }
            var command: [RedisArgument] = ["XREAD", "COUNT", .integer(Self.batchSize), "BLOCK"]
            command += [.integer(Int(Self.blockTime / .milliseconds(1))), "STREAMS"]
            for (company, _) in plan.positions { command.append(.text(CacheKeys.feed(company))) }
            for (_, position) in plan.positions { command.append(.text(position.description)) }
            let reply = try await connection.send(command, blocking: Self.blockTime)
            let companies = plan.positions.map { (CacheKeys.feed($0.company), $0.company) }
            try await deliver(reply, Dictionary(uniqueKeysWithValues: companies), connection)
        }
    }

    private func findPositions(_ companies: [UUID], _ connection: RedisBlockingConnection) async throws {
        guard !companies.isEmpty else { return }
        let replies = try await connection.send(batch: companies.map(FeedReader.lastIdCommand))
        for (company, reply) in zip(companies, replies) {
            let position = FeedReader.lastId(try reply.get())
            let readers = state.withLock { state in
                state.begin(company, at: position)
                return state.readers(company)
            }
            for reader in readers { reader.inbox.pushGap() }
        }
    }

    private func deliver(
        _ reply: RESPValue, _ companies: [String: UUID], _ connection: RedisBlockingConnection
    ) async throws {
        for stream in reply.array ?? [] {
            guard let parts = stream.array, parts.count == 2, let company = parts[0].string.flatMap({ companies[$0] }),
                let found = parts[1].array, let last = found.last?.array?.first?.string.flatMap({ FeedID($0) })
            else { throw RedisError.unexpectedReply(expected: "entries of streams") }
            let entries = found.map { FeedEntry($0) }
            let before = state.withLock { $0.position(of: company) }
            var isGap = false
            // Far behind: the stream may have been trimmed before it was read.
            if found.count >= Self.batchSize, before != .zero {
                let first = try await connection.send(["XRANGE", .text(CacheKeys.feed(company)), "-", "+", "COUNT", 1])
                isGap = FeedReader.lastId(first) > before
            }
            let (all, addressed) = state.withLock { state in
                state.advance(company, to: last)
                // Whoever hears nothing of other conversations is not even looked at.
                return (isGap ? state.readers(company) : [], entries.map { state.readers(company, of: $0) })
            }
            for reader in all { reader.inbox.pushGap() }
            for (entry, readers) in zip(entries, addressed) {
                for reader in readers { Self.push(entry, to: reader) }
            }
        }
    }

    private static func push(_ entry: FeedEntry?, to reader: TailState.Reader) {
        guard let entry, entry.event != .resync else { return reader.inbox.pushGap() }
        guard entry.event != .beginning else { return }
        guard entry.event == .rightsChanged || entry.event.audience.includes(reader.caller) else { return }
        reader.inbox.push(.entry(entry))
    }

    /// Makes a blocked XREAD return, so that the next one knows the new reader. Asks again, because the first call
    /// may come just before the XREAD begins to block.
    private func wake() async {
        while !state.withLock({ $0.stopWaking() }) {
            await unblock()
            try? await Task.sleep(for: .milliseconds(20))
        }
    }

    private func unblock() async {
        guard let id = state.withLock({ $0.connectionId }) else { return }
        _ = try? await client.send(["CLIENT", "UNBLOCK", .integer(Int(id))])
    }
}
