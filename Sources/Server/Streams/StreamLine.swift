import Cache
import Foundation
import NIOCore
import Tenancy

/// The connection of a stream: writes, and knows when it is over.
struct StreamLine: Sendable {
    let ticket: StreamTicket
    let caller: Admitted
    let writer: OutgoingBody
    /// What is to be written next.
    var frames = ServerSentEvents()

    /// Events of the feed that one stream may have waiting; more are read again from the feed.
    static let buffer = 128

    /// Writes what there is. Waits while the client is slow.
    /// - Throws: when the client is gone.
    mutating func flush() async throws {
        guard !frames.isEmpty else { return }
        ticket.noteWriting(true)
        defer { ticket.noteWriting(false) }
        try await writer.write(ByteBuffer(bytes: frames.take()))
    }

    /// Says goodbye: after a random while, so that not all come back at once.
    mutating func end(_ reason: String) async throws {
        frames.retry(milliseconds: Int.random(in: 250...2_000))
        frames.comment(reason)
        try await flush()
    }

    /// Whether the caller may go on. While that cannot be found out it may: an answer is asked for again and again.
    func isAllowed() async -> Bool {
        do {
            try await caller.admitAgain()
            return true
        } catch is Unauthenticated {
            return false
        } catch is Forbidden {
            return false
        } catch is NotFound {
            return false
        } catch is Problem {
            return false
        } catch {
            return true
        }
    }
}

extension Answer {
    /// A stream of events. `begin` is called when the head is sent; whoever has the body then writes it to its end.
    static func events(_ begin: @escaping @Sendable (OutgoingBody) -> Void) -> Answer {
        Answer(
            status: .ok,
            headers: [
                .contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-store", .accelBuffering: "no",
            ],
            body: .stream(begin))
    }
}
