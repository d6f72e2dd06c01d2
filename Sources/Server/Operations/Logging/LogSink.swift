import Foundation
import Synchronization

/// Carries log lines to a file descriptor. They gather for a moment and a thread of its own writes them together: a
/// request makes no system call for its line, and no slow reader of the log can hold up a cooperative thread.
///
/// Bounded: lines that find the buffer full are dropped, and how many is told as soon as there is room.
final class LogSink: Sendable {
    static let standardError = LogSink(descriptor: STDERR_FILENO)

    private struct State {
        var gathered: [UInt8] = []
        var dropped = 0
        var hasThread = false
    }

    /// How long lines gather before they are written.
    private static let patience = DispatchTimeInterval.milliseconds(20)

    private let descriptor: Int32
    private let maximumBytes: Int
    private let state = Mutex(State())
    /// Held while writing, so that lines keep their order.
    private let writing = Mutex(())
    private let wake = DispatchSemaphore(value: 0)
    private let hurry = DispatchSemaphore(value: 0)

    init(descriptor: Int32, maximumBytes: Int = 4 << 20) {
        self.descriptor = descriptor
        self.maximumBytes = maximumBytes
    }

    /// Takes a line in. Never waits.
    /// - Parameter isUrgent: to be written at once, with what gathered before.
    func write(_ line: [UInt8], isUrgent: Bool) {
        let (isFirst, needsThread) = state.withLock { state in
            guard state.gathered.count + line.count <= maximumBytes else {
                state.dropped += 1
                return (false, false)
            }
            let isFirst = state.gathered.isEmpty
            state.gathered += line
            defer { state.hasThread = true }
            return (isFirst, !state.hasThread)
        }
        if needsThread { startThread() }
        if isFirst { wake.signal() }
        if isUrgent { hurry.signal() }
    }

    /// Writes what is there; returns when it is written. Blocks: for the end of the process.
    func flush() {
        writing.withLock { _ in
            let (lines, dropped) = state.withLock { state in
                defer { (state.gathered, state.dropped) = ([], 0) }
                return (state.gathered, state.dropped)
            }
            put(lines)
            if dropped > 0 {
                put(Array("{\"level\":\"warning\",\"message\":\"\(dropped) log lines were dropped\"}\n".utf8))
            }
        }
    }

    private func startThread() {
        let thread = Thread { [self] in
            while true {
                wake.wait()
                _ = hurry.wait(timeout: .now() + Self.patience)
                flush()
            }
        }
        thread.name = "log"
        thread.stackSize = 1 << 18
        thread.start()
    }

    private func put(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let count = Foundation.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                // Nobody reads the log any more; there is nowhere to say so.
                guard count > 0 else { return }
                rest = rest.dropFirst(count)
            }
        }
    }
}
