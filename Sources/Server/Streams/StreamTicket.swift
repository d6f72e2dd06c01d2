import Foundation
import NIOCore
import Synchronization

/// What a stream is to look after when it wakes.
struct StreamSignals: OptionSet, Sendable {
    let rawValue: UInt8

    /// The client is gone.
    static let gone = StreamSignals(rawValue: 1)
    /// The server is stopping.
    static let stopping = StreamSignals(rawValue: 2)
    /// The caller's rights may have changed.
    static let rights = StreamSignals(rawValue: 4)
    /// The store is to be asked whether something was missed.
    static let poll = StreamSignals(rawValue: 8)
    /// The line has to show that it is alive.
    static let beat = StreamSignals(rawValue: 16)
}

/// One open stream, as the hub knows it. Gives its place back when it is let go.
final class StreamTicket: Sendable {
    private struct State {
        var signals: StreamSignals = []
        var wake: (@Sendable () -> Void)?
        var channel: (any Channel)?
        var writingSince: ContinuousClock.Instant?
        var wantsPoll = false
    }

    let number: Int
    let companyId: UUID
    let caller: UUID
    /// Whom it makes present; nil when it is no member's.
    private let person: PresenceBook.Stream?
    private let hub: StreamHub
    private let state = Mutex(State())

    init(number: Int, companyId: UUID, caller: UUID, person: PresenceBook.Stream?, hub: StreamHub) {
        self.number = number
        self.companyId = companyId
        self.caller = caller
        self.person = person
        self.hub = hub
    }

    deinit { hub.close(number, caller: caller, person: person) }

    /// Connects the stream with what wakes it; signals that came before count.
    func attach(_ channel: any Channel, _ wake: @escaping @Sendable () -> Void) {
        let isSignalled = state.withLock { state in
            state.wake = wake
            state.channel = channel
            return !state.signals.isEmpty
        }
        if isSignalled { wake() }
    }

    /// Lets go of what wakes the stream.
    func detach() {
        state.withLock { state in
            state.wake = nil
            state.channel = nil
        }
    }

    /// Wakes the stream, which finds `signals`.
    func signal(_ signals: StreamSignals) {
        let wake = state.withLock { state in
            state.signals.formUnion(signals)
            return state.wake
        }
        wake?()
    }

    /// What the stream is to look after now.
    func takeSignals() -> StreamSignals {
        state.withLock { state in
            defer { state.signals = [] }
            return state.signals
        }
    }

    /// Asks to be polled soon, because a store did not answer.
    func wantPoll(_ wants: Bool) { state.withLock { $0.wantsPoll = wants } }
    var wantsPoll: Bool { state.withLock { $0.wantsPoll } }

    /// Notes that a write has begun or ended.
    func noteWriting(_ isWriting: Bool) { state.withLock { $0.writingSince = isWriting ? .now : nil } }

    /// Closes the connection of a client that has taken nothing for `time`: its stream waits in a write.
    func closeIfStuck(for time: Duration) {
        let channel = state.withLock { state -> (any Channel)? in
            guard let since = state.writingSince, ContinuousClock.now - since > time else { return nil }
            return state.channel
        }
        channel?.close(promise: nil)
    }
}
