import Foundation
import Synchronization

/// A program started by a test, which the test may kill the hard way.
public final class ChildProcess: Sendable {
    /// Number of the process.
    public let id: Int32
    private let ended = Mutex<(isOver: Bool, waiters: [CheckedContinuation<Void, Never>])>((false, []))

    /// Starts a program with its output thrown away.
    /// - Throws: when the executable cannot be started.
    public static func start(
        _ executable: String, _ arguments: [String], environment: [String: String]? = nil
    ) throws -> ChildProcess {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        if let environment { process.environment = environment }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        let (over, signal) = AsyncStream<Void>.makeStream()
        process.terminationHandler = { _ in signal.finish() }
        try process.run()
        return ChildProcess(id: process.processIdentifier, over: over)
    }

    private init(id: Int32, over: AsyncStream<Void>) {
        self.id = id
        Task {
            for await _ in over {}
            let waiters = self.ended.withLock { state in
                state.isOver = true
                return state.waiters
            }
            for waiter in waiters { waiter.resume() }
        }
    }

    /// Whether the process has ended.
    public var isOver: Bool { ended.withLock { $0.isOver } }

    /// Sends a signal, unless the process is over.
    public func signal(_ number: Int32) {
        if ended.withLock({ !$0.isOver }) { kill(id, number) }
    }

    /// Waits for the end of the process.
    public func waitUntilOver() async {
        await withCheckedContinuation { continuation in
            let isOver = ended.withLock { state in
                if !state.isOver { state.waiters.append(continuation) }
                return state.isOver
            }
            if isOver { continuation.resume() }
        }
    }

    /// Kills the process with SIGKILL and waits for its end.
    public func killNow() async {
        signal(SIGKILL)
        await waitUntilOver()
    }
}
