import Foundation
import Synchronization

/// A program started by a test, which the test may kill the hard way.
public final class ChildProcess: Sendable {
    /// Number of the process.
    public let id: Int32
    private let ended = Mutex<(exitCode: Int32?, waiters: [CheckedContinuation<Void, Never>])>((nil, []))

    /// Starts a program. It is killed when this process ends, however that happens.
    /// - Parameters:
    ///   - environment: all of its environment; `nil` for that of this process.
    ///   - directory: where it runs; `nil` for where this process does.
    ///   - output: where its output and errors go; thrown away without.
    /// - Throws: when the executable cannot be started.
    public static func start(
        _ executable: String, _ arguments: [String], environment: [String: String]? = nil, directory: URL? = nil,
        output: FileHandle = .nullDevice
    ) throws -> ChildProcess {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        if let environment { process.environment = environment }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        if let directory { process.currentDirectoryURL = directory }
        let (over, signal) = AsyncStream<Int32>.makeStream()
        process.terminationHandler = { process in
            // As a shell counts: 128 and the number of the signal.
            signal.yield(process.terminationStatus + (process.terminationReason == .uncaughtSignal ? 128 : 0))
            signal.finish()
        }
        try process.run()
        return ChildProcess(
            id: process.processIdentifier, over: over, warden: try Warden(of: process.processIdentifier))
    }

    private init(id: Int32, over: AsyncStream<Int32>, warden: Warden) {
        self.id = id
        Task {
            var exitCode: Int32 = -1
            for await code in over { exitCode = code }
            warden.dismiss()
            let waiters = self.ended.withLock { state in
                state.exitCode = exitCode
                return state.waiters
            }
            for waiter in waiters { waiter.resume() }
        }
    }

    /// Whether the process has ended.
    public var isOver: Bool { exitCode != nil }

    /// What it ended with, 128 + n after signal n; `nil` while it runs.
    public var exitCode: Int32? { ended.withLock { $0.exitCode } }

    /// Sends a signal, unless the process is over.
    public func signal(_ number: Int32) {
        if !isOver { kill(id, number) }
    }

    /// Waits for the end of the process.
    public func waitUntilOver() async {
        await withCheckedContinuation { continuation in
            let isOver = ended.withLock { state in
                if state.exitCode == nil { state.waiters.append(continuation) }
                return state.exitCode != nil
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
