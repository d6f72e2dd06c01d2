import Foundation
import Synchronization

/// What a connection's thread is asked to do.
enum Command: Sendable {
    typealias Reply = CheckedContinuation<Result<PostgresRows?, PostgresError>, Never>

    case run(Batch, CancellationFlag, Reply)
    case script(String, timeout: Duration, CancellationFlag, Reply)
    /// Closes the connection; the next batch opens another.
    case close(Reply)
    /// Closes the connection and ends the thread.
    case terminate(CheckedContinuation<Void, Never>?)
}

/// Set by whoever wants a running statement to stop; read by the connection's thread.
final class CancellationFlag: Sendable {
    private let flag = Atomic<Bool>(false)

    var isSet: Bool { flag.load(ordering: .acquiring) }
    func set() { flag.store(true, ordering: .releasing) }
}

/// The way into a connection's thread: a queue, and a pipe that wakes the thread out of poll(2). Its length is bounded
/// by what a borrower sends, one command at a time.
final class Mailbox: Sendable {
    private struct State {
        var commands: [Command] = []
        var isClosed = false
    }

    private let state = Mutex(State())
    /// Becomes readable when there is something to look at.
    let wakeReader: Int32
    private let wakeWriter: Int32
    private let connected = Atomic<Bool>(false)

    init() {
        var ends: [Int32] = [-1, -1]
        precondition(pipe(&ends) == 0, "no file descriptor is left for a connection's wake-up pipe")
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        (wakeReader, wakeWriter) = (ends[0], ends[1])
    }

    deinit {
        close(wakeReader)
        close(wakeWriter)
    }

    /// Whether the thread holds a live connection, as far as it knows.
    var isConnected: Bool {
        get { connected.load(ordering: .acquiring) }
        set { connected.store(newValue, ordering: .releasing) }
    }

    /// False when the thread has ended; the command was not taken then.
    func post(_ command: Command) -> Bool {
        let taken = state.withLock { state in
            if state.isClosed { return false }
            state.commands.append(command)
            return true
        }
        wake()
        return taken
    }

    /// Makes the thread look around. A full pipe wakes as well.
    func wake() {
        var byte: UInt8 = 1
        _ = write(wakeWriter, &byte, 1)
    }

    func next() -> Command? {
        state.withLock { $0.commands.isEmpty ? nil : $0.commands.removeFirst() }
    }

    /// Takes the wake-up bytes out of the pipe.
    func drainWakes() {
        var bytes = [UInt8](repeating: 0, count: 64)
        while read(wakeReader, &bytes, bytes.count) == bytes.count {}
    }

    /// From here on nothing is taken. Returns what was left.
    func shut() -> [Command] {
        state.withLock { state in
            state.isClosed = true
            defer { state.commands = [] }
            return state.commands
        }
    }
}
