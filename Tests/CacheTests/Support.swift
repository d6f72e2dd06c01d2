import Foundation
import Logging
import Redis
import Synchronization
import Tenancy
import TestSupport
import Testing

@testable import Cache

let quiet = Logger(label: "cache") { _ in SwiftLogNoOpLogHandler() }

/// Says that an event was expected.
func missing(_ location: SourceLocation = #_sourceLocation) { Issue.record("no event", sourceLocation: location) }

/// A number that tests count with.
final class Tally: Sendable {
    private let number = Mutex(0)
    var value: Int { number.withLock { $0 } }
    @discardableResult func add(_ amount: Int = 1) -> Int {
        number.withLock { number in
            number += amount
            return number
        }
    }
}

/// A clock that moves when told to.
final class HandClock: Sendable {
    private let time: Mutex<ContinuousClock.Instant> = Mutex(.now)
    var now: ContinuousClock.Instant { time.withLock { $0 } }
    func advance(_ duration: Duration) { time.withLock { $0 += duration } }
}

/// A gate that holds tasks up until it is opened.
final class Gate: Sendable {
    private let (stream, opening) = AsyncStream<Void>.makeStream()
    func open() { opening.finish() }
    func pass() async { for await _ in stream {} }
}

extension RedisClient {
    /// A client with everything of one new company, removed afterwards.
    static func withCompany(_ body: (RedisClient, TenantScope) async throws -> Void) async throws {
        try await with { client in
            let scope = TenantScope.forJob(companyId: UUID())
            do { try await body(client, scope) } catch {
                _ = try? await CompanyKeys.removeAll(scope, from: client)
                throw error
            }
            try await CompanyKeys.removeAll(scope, from: client)
        }
    }
}
