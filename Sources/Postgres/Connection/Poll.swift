import Foundation

/// poll(2) on a connection's socket and its mailbox.
enum Poll {
    struct Readiness {
        /// The socket is readable, writable as far as asked for, or broken.
        var socket = false
    }

    /// Waits for the mailbox, and for the socket when there is one, until the instant; nil is for ever. Returns early
    /// for signals too: callers look again.
    static func wait(
        wake mailbox: Mailbox, socket: Int32 = -1, writable: Bool = false, readable: Bool = true,
        until limit: ContinuousClock.Instant?
    ) -> Readiness {
        let events = (readable ? POLLIN : 0) | (writable ? POLLOUT : 0)
        // A negative descriptor is skipped by poll.
        var descriptors = [
            pollfd(fd: mailbox.wakeReader, events: Int16(POLLIN), revents: 0),
            pollfd(fd: socket, events: Int16(events), revents: 0),
        ]
        guard poll(&descriptors, 2, milliseconds(until: limit)) > 0 else { return Readiness() }
        if descriptors[0].revents != 0 { mailbox.drainWakes() }
        return Readiness(socket: descriptors[1].revents != 0)
    }

    /// Rounded up, so that a deadline has passed when poll returns for it.
    private static func milliseconds(until limit: ContinuousClock.Instant?) -> Int32 {
        guard let limit else { return -1 }
        let left = limit - .now
        if left <= .zero { return 0 }
        let (seconds, attoseconds) = left.components
        if seconds > 1_000_000 { return 1_000_000_000 }
        return Int32(seconds * 1000 + attoseconds / 1_000_000_000_000_000 + 1)
    }
}
