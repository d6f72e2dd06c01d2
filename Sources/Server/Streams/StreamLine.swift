import Cache
import Foundation
import Hummingbird
import NIOCore
import Tenancy

/// The connection of a stream: writes, and knows when it is over.
struct StreamLine: Sendable {
    let ticket: StreamTicket
    /// Throws when the caller may not stream any more.
    let admitAgain: @Sendable () async throws -> Void
    var writer: LineWriter
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
        try await writer.base.write(ByteBuffer(bytes: frames.take()))
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
            try await admitAgain()
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

/// The writer of an answer's body, on its way from one task of a stream to the next.
// A stream's tasks follow each other, which StreamPump sees to: no two use the writer at once.
struct LineWriter: @unchecked Sendable {
    var base: any ResponseBodyWriter
}

extension Answer {
    /// A stream of events, which `body` writes until it returns.
    static func events(_ body: @escaping @Sendable (any ResponseBodyWriter) async throws -> Void) -> Answer {
        Answer(
            status: .ok,
            headers: [
                .contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-store", .accelBuffering: "no",
            ],
            body: .stream { writer in
                try await body(writer)
                try await writer.finish(nil)
            })
    }
}
