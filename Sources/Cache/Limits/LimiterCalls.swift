import Foundation
import NIOCore
import Redis
import Synchronization

/// Brings requests to Redis: those under the same limits which one event loop hands on before it looks for new input go
/// together, in one call of the script. None joins a call that was sent before it came.
final class LimiterCalls: Sendable {
    /// What Redis says to one request.
    struct Outcome: Sendable {
        let decisions: [GCRA.Decision]
        let generations: CacheGenerations?
        let edition: String?
    }

    private struct Place: Hashable {
        let loop: ObjectIdentifier
        let limits: ObjectIdentifier
        let conversation: UUID?
    }

    // Resumed once, by the one reply to its call. A checked one costs an allocation for every request.
    private typealias Waiter = UnsafeContinuation<Result<Outcome, RedisError>, Never>

    private let client: RedisClient
    private let clock: (@Sendable () -> Int64)?
    private let gathering = Mutex<[Place: [Waiter]]>([:])

    /// - Parameter clock: microseconds to decide by, instead of the time of Redis.
    init(client: RedisClient, clock: (@Sendable () -> Int64)?) {
        self.client = client
        self.clock = clock
    }

    /// Asks about a request. A caller who is cancelled waits on: the time is bounded by that of a command.
    nonisolated(nonsending) func ask(
        _ limits: PreparedLimits, editionOf conversation: UUID?
    ) async throws(RedisError) -> Outcome {
        let loop = client.eventLoop
        let place = Place(
            loop: ObjectIdentifier(loop), limits: ObjectIdentifier(limits), conversation: conversation)
        return try await withUnsafeContinuation { (waiter: Waiter) in
            let isFirst = gathering.withLock { gathering in
                gathering[place, default: []].append(waiter)
                return gathering[place]?.count == 1
            }
            if isFirst { loop.execute { self.send(place, limits) } }
        }.get()
    }

    private func send(_ place: Place, _ limits: PreparedLimits) {
        let waiters = gathering.withLock { $0.removeValue(forKey: place) } ?? []
        let call = LimiterScript.call(
            limits, editionOf: place.conversation, requests: waiters.count, now: clock.map { $0() })
        client.run(LimiterScript.script, call: call) { reply in
            do throws(RedisError) {
                var answer = try LimiterScript.Answer(
                    reply.get(), limits: limits, hasEdition: place.conversation != nil && limits.companyId != nil)
                for waiter in waiters {
                    let outcome = Outcome(
                        decisions: answer.next(), generations: answer.generations, edition: answer.edition)
                    waiter.resume(returning: .success(outcome))
                }
            } catch {
                for waiter in waiters { waiter.resume(returning: .failure(error)) }
            }
        }
    }
}
