import Foundation
import JSON
import Synchronization
import TestSupport
import Testing

/// A client that follows a conversation as API.md tells it to: it resumes after the last event it got, wherever it
/// connects, and notes everything that is not the next message.
final class ConversationReader: Sendable {
    private struct State {
        var last = 0
        var cursor: String?
        var connections = 0
        var faults: [String] = []
        var names: Set<String> = []
    }

    private let conversation: String
    private let token: String
    private let state = Mutex(State())

    init(_ conversation: String, token: String) {
        self.conversation = conversation
        self.token = token
    }

    /// The `seq` up to which it has every message.
    var last: Int { state.withLock { $0.last } }
    /// How often it connected.
    var connections: Int { state.withLock { $0.connections } }
    /// What came twice, out of order or changed.
    var faults: [String] { state.withLock { $0.faults } }
    /// The kinds of events that came.
    var names: Set<String> { state.withLock { $0.names } }

    /// Reads over one connection after the other until it has `total` messages.
    /// - Parameters:
    ///   - ports: where it connects, one of them at random each time.
    ///   - staying: for how many seconds a connection is held; then the client hangs up.
    /// - Throws: ``NeverHappened`` after `seconds`.
    func read(
        _ total: Int, at ports: [Int], staying: ClosedRange<Double> = 3_600...3_600, within seconds: Double = 60
    ) throws {
        let end = Date.now.addingTimeInterval(seconds)
        while last < total {
            guard Date.now < end else { throw NeverHappened(description: "a reader has \(last) of \(total) messages") }
            do {
                let stay = min(.random(in: staying), end.timeIntervalSinceNow)
                try connect(to: ports.randomElement() ?? 0, total, until: Date.now.addingTimeInterval(stay))
            } catch is WireError {
                Thread.sleep(forTimeInterval: 0.05)
            } catch let refusal as StreamRefused {
                try #require(refusal.reply.status == 503, "\(refusal)")
                Thread.sleep(forTimeInterval: 0.05)
            }
        }
    }

    private func connect(to port: Int, _ total: Int, until end: Date) throws {
        let cursor = state.withLock { state in
            state.connections += 1
            return state.cursor
        }
        let path = "/api/conversations/\(conversation)/events"
        let wire = try EventWire(
            port: port, cursor == nil ? path + "?after=0" : path, token: token, lastEventId: cursor)
        while last < total, end.timeIntervalSinceNow > 0 {
            guard let item = try wire.next(within: min(1, end.timeIntervalSinceNow)) else { continue }
            if case .event(let event) = item { take(event) }
            if item == .end { return }
        }
    }

    private func take(_ event: EventWire.Event) {
        state.withLock { state in
            state.names.insert(event.name)
            if let id = event.id { state.cursor = id }
            guard event.name == "message.created" else { return }
            let seq = event.id.flatMap { Int($0.prefix { $0 != "@" }) } ?? -1
            if seq != state.last + 1 { state.faults.append("\(seq) after \(state.last)") }
            // Reading every message as JSON would take a debug build longer than all the rest.
            if seq % 20 == 0, event["seq"].integerValue != Int64(seq) {
                state.faults.append("\(String(decoding: event.data, as: UTF8.self)) is not \(seq)")
            }
            state.last = max(state.last, seq)
        }
    }
}

/// A writer that sends to one of several servers, and to another when that one is gone.
struct RoamingSender: Sendable {
    let ports: [Int]
    let token: String
    let conversation: String

    /// Sends `count` messages, one after the other.
    /// - Parameter pause: seconds between two of them.
    func send(_ count: Int, as writer: Int, pause: Double = 0, content: String? = nil) throws {
        var place = writer % ports.count
        var sender = Sender(port: ports[place], token: token, conversation: conversation)
        for number in 0..<count {
            let end = Date.now.addingTimeInterval(60)
            while true {
                do {
                    _ = try sender.send("\(writer)-\(number)", content: content, patience: 0.5)
                    break
                } catch let error as NeverHappened {
                    guard Date.now < end else { throw error }
                    place = (place + 1) % ports.count
                    sender = Sender(port: ports[place], token: token, conversation: conversation)
                }
            }
            if pause > 0 { Thread.sleep(forTimeInterval: pause) }
        }
    }
}
