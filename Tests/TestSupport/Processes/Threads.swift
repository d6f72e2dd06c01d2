import Foundation

/// Threads for clients that block, so that many of them neither wait for Swift's few threads nor keep others from them.
public enum Threads {
    /// Runs `body` on one thread and waits for it.
    public static func one<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            let thread = Thread { continuation.resume(with: Swift.Result { try body() }) }
            thread.stackSize = 2 << 20
            thread.start()
        }
    }

    /// Runs `body` on `count` threads at once and waits for all.
    /// - Throws: the first error.
    public static func run(_ count: Int, _ body: @escaping @Sendable (Int) throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<count { group.addTask { try await one { try body(index) } } }
            try await group.waitForAll()
        }
    }
}
