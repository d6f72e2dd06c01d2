import Foundation
import Testing

@testable import Conversations

@Suite struct IdempotencyTests {
    let answer = StoredAnswer(status: 201, headers: [.init("Location", "/x")], body: Array("{\"secret\":1}".utf8))
    let print: [UInt8] = [1, 2, 3]

    func store(_ bench: Bench, lease: Duration = .seconds(60)) -> IdempotencyStore {
        IdempotencyStore(
            database: bench.database, lease: lease, logger: Bench.quiet, seal: { $0.map { $0 ^ 0x55 } },
            open: { $0.map { $0 ^ 0x55 } })
    }

    func started(_ decision: IdempotencyDecision) throws -> IdempotencyClaim {
        guard case .started(let claim) = decision else { throw Unexpected(decision: "\(decision)") }
        return claim
    }

    struct Unexpected: Error { let decision: String }

    @Test func aRepeatGetsTheFirstAnswer() async throws {
        try await Bench.with { bench in
            let store = store(bench)
            let scope = IdempotencyScope.company(bench.company)
            let claim = try started(try await store.claim(scope, key: "k", fingerprint: print))
            #expect(!claim.isTakenOver)
            guard case .running(let seconds) = try await store.claim(scope, key: "k", fingerprint: print) else {
                Issue.record("a second run was let go on")
                return
            }
            #expect((1...5).contains(seconds))
            try await store.complete(claim, with: answer)
            #expect(try await store.claim(scope, key: "k", fingerprint: print) == .replay(answer))
            #expect(try await store.claim(scope, key: "k", fingerprint: [9]) == .mismatch)
            for other in [IdempotencyScope.company(UUID()), .anonymous("register")] {
                _ = try started(try await store.claim(other, key: "k", fingerprint: [9]))
            }
            let stored = try await bench.database.collection("idempotency").find([:], limit: 10)
            let secret = Array("secret".utf8)
            #expect(stored.allSatisfy { !$0.bytes.contains(secret) }, "kept sealed")
        }
    }

    @Test func ofManyAtOnceOneStarts() async throws {
        try await Bench.with(stores: 2) { bench in
            let scope = IdempotencyScope.company(bench.company)
            let claims = try await withThrowingTaskGroup(of: IdempotencyDecision.self) { group in
                for _ in 0..<20 { group.addTask { try await store(bench).claim(scope, key: "k", fingerprint: print) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(claims.count { if case .started = $0 { true } else { false } } == 1)
            #expect(claims.count { if case .running = $0 { true } else { false } } == 19)
        }
    }

    @Test func aRunThatDiedIsTakenOverOnceUnderTheSameId() async throws {
        try await Bench.with { bench in
            let scope = IdempotencyScope.anonymous("/auth/register")
            let dead = try started(
                try await store(bench, lease: .zero).claim(scope, key: "k", fingerprint: print))
            let decisions = try await withThrowingTaskGroup(of: IdempotencyDecision.self) { group in
                for _ in 0..<10 { group.addTask { try await store(bench).claim(scope, key: "k", fingerprint: print) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let taken = decisions.compactMap { try? started($0) }
            #expect(taken.count == 1)
            #expect(taken.first?.resourceId == dead.resourceId)
            #expect(taken.first?.isTakenOver == true)
            // The one believed dead comes back: its answer and its giving up count no more.
            try await store(bench).complete(dead, with: StoredAnswer(status: 500, headers: [], body: []))
            try await store(bench).abandon(dead)
            guard case .running = try await store(bench).claim(scope, key: "k", fingerprint: print) else {
                Issue.record("the one that took over lost its claim")
                return
            }
            try await store(bench).complete(try #require(taken.first), with: answer)
            #expect(try await store(bench).claim(scope, key: "k", fingerprint: print) == .replay(answer))
        }
    }

    @Test func anAbandonedRunStartsAgainUnderTheSameId() async throws {
        try await Bench.with { bench in
            let store = store(bench)
            let scope = IdempotencyScope.company(bench.company)
            let claim = try started(try await store.claim(scope, key: "k", fingerprint: print))
            try await store.abandon(claim)
            let again = try started(try await store.claim(scope, key: "k", fingerprint: print))
            #expect(again.resourceId == claim.resourceId)
            #expect(again.isTakenOver)
        }
    }

    @Test func aCompanysKeysGoWithIt() async throws {
        try await Bench.with { bench in
            let store = store(bench)
            for scope in [IdempotencyScope.company(bench.company), .company(UUID())] {
                let claim = try started(try await store.claim(scope, key: "k", fingerprint: print))
                try await store.complete(claim, with: answer)
            }
            try await store.removeCompany(companyId: bench.company)
            #expect(try await bench.database.collection("idempotency").count() == 1)
        }
    }

    @Test func keysExpireAfterADay() async throws {
        try await Bench.with { bench in
            let indexes = try await bench.database.collection("idempotency").listIndexes()
            #expect(indexes.first { $0.string("name") == "expiry" }?.int("expireAfterSeconds") == 86_400)
        }
    }
}
