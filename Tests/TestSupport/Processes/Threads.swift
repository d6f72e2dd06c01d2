import Foundation
import Synchronization

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

    /// Work on threads of its own.
    public final class Work: Sendable {
        private let errors = Mutex<[any Error]>([])
        private let group = DispatchGroup()

        /// Waits, blocking, until all of it is done.
        /// - Throws: the first error.
        public func wait() throws {
            group.wait()
            if let error = errors.withLock({ $0.first }) { throw error }
        }

        fileprivate func start(_ body: @escaping @Sendable () throws -> Void) {
            group.enter()
            let thread = Thread {
                do { try body() } catch { self.errors.withLock { $0.append(error) } }
                self.group.leave()
            }
            thread.stackSize = 2 << 20
            thread.start()
        }
    }

    /// Starts `body` on `count` threads, for a thread that goes on with something else.
    public static func start(_ count: Int, _ body: @escaping @Sendable (Int) throws -> Void) -> Work {
        let work = Work()
        for index in 0..<count { work.start { try body(index) } }
        return work
    }
}
