import Dispatch
import Foundation
import Testing

@testable import Tenancy

@Suite struct PasswordTests {
    @Test(arguments: [
        ("1234567", "too_short"), ("", "too_short"), ("👩‍👩‍👧‍👦", "too_short"),
        (String(repeating: "a", count: 1025), "too_long"), (String(repeating: "é", count: 513), "too_long"),
    ])
    func refuses(password: String, code: String) {
        #expect(PasswordRules.problem(with: password, field: "password")?.code == code)
    }

    @Test(arguments: ["12345678", "ññññññññ", String(repeating: "a", count: 1024), "with \0 inside"])
    func accepts(password: String) {
        #expect(PasswordRules.problem(with: password, field: "password") == nil)
    }

    @Test func hashesWithASaltAndVerifies() throws {
        let one = try #require(BCrypt.hash("correct horse", cost: 4))
        let two = try #require(BCrypt.hash("correct horse", cost: 4))
        #expect(one != two)
        #expect(one.hasPrefix("$2b$04$") && one.utf8.count == 60)
        #expect(BCrypt.verify("correct horse", one))
        #expect(!BCrypt.verify("correct horsf", one))
        #expect(BCrypt.cost(of: one) == 4)
    }

    /// bcrypt alone reads 72 bytes and stops at NUL.
    @Test func everyByteCounts() throws {
        let long = String(repeating: "x", count: 100)
        #expect(!BCrypt.verify(long + "a", try #require(BCrypt.hash(long + "b", cost: 4))))
        #expect(!BCrypt.verify("abc\0defgh", try #require(BCrypt.hash("abc\0zzzzz", cost: 4))))
    }

    @Test(arguments: ["", "plain", "$2b$99$aaaaaaaaaaaaaaaaaaaaaa", "*0", "$1$abc$def"])
    func aBrokenHashMatchesNothing(hash: String) {
        #expect(!BCrypt.verify("correct horse", hash))
        #expect(!BCrypt.verify(hash, hash))
    }

    @Test func nobodysHashMatchesNothingAndIsReallyComputed() async throws {
        let hasher = PasswordHasher(cost: 5)
        #expect(try await !hasher.verify("correct horse", nil))
        // Were the dummy not well formed, crypt would answer at once and tell who is registered.
        let dummy = BCrypt.dummy(cost: 5)
        #expect(dummy.utf8.count == 60)
        #expect(BCrypt.cost(of: dummy) == 5)
        let unknown = ContinuousClock().measure { _ = BCrypt.verify("correct horse", BCrypt.dummy(cost: 9)) }
        #expect(unknown > .milliseconds(5))
    }

    @Test func knowsOutdatedCosts() async throws {
        let hash = try await PasswordHasher(cost: 4).hash("correct horse")
        #expect(PasswordHasher(cost: 5).isOutdated(hash))
        #expect(!PasswordHasher(cost: 4).isOutdated(hash))
        #expect(try await PasswordHasher(cost: 5).verify("correct horse", hash))
    }

    @Test func theQueueIsBounded() async throws {
        let threads = WorkerThreads(name: "test", threads: 1, queueLimit: 2)
        let gate = DispatchSemaphore(value: 0)
        let entered = AsyncStream<Void>.makeStream()
        async let busy: Void = threads.run {
            entered.continuation.yield()
            gate.wait()
        }
        for await _ in entered.stream { break }
        // One works; of five more two fit, and three are told at once.
        let refused = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<5 {
                group.addTask {
                    do {
                        try await threads.run {}
                        return false
                    } catch {
                        return error as? Overloaded == Overloaded("test")
                    }
                }
            }
            var refused = 0
            for await wasRefused in group where wasRefused {
                refused += 1
                if refused == 3 { gate.signal() }
            }
            return refused
        }
        try await busy
        #expect(refused == 3)
    }

    @Test func whoIsCancelledInTheQueueDoesNotWork() async throws {
        let threads = WorkerThreads(name: "test", threads: 1, queueLimit: 2)
        let gate = DispatchSemaphore(value: 0)
        let entered = AsyncStream<Void>.makeStream()
        async let busy: Void = threads.run {
            entered.continuation.yield()
            gate.wait()
        }
        for await _ in entered.stream { break }
        let waiting = Task { try await threads.run { Issue.record("ran although it was cancelled") } }
        waiting.cancel()
        gate.signal()
        try await busy
        await #expect(throws: CancellationError.self) { try await waiting.value }
    }
}
