import Foundation
import JSON
import Synchronization
import TestSupport
import Testing

/// What senders saw while something was away.
final class Weather: Sendable {
    /// Answers of 503, connections lost or refused, and the longest time for one answer.
    struct Report: Sendable {
        var unavailable = 0
        var lost = 0
        var slowest = Duration.zero
    }

    private let state = Mutex(Report())

    var report: Report { state.withLock { $0 } }
    func note(_ change: (inout Report) -> Void) { state.withLock { change(&$0) } }
}

/// A client program which sends a message until it is acknowledged, always with the same clientMessageId, as API.md
/// tells it to.
final class Sender {
    private let port: Int
    private let token: String
    private let conversation: String
    private let weather: Weather
    private var wire: Wire?

    init(port: Int, token: String, conversation: String, weather: Weather = Weather()) {
        self.port = port
        self.token = token
        self.conversation = conversation
        self.weather = weather
    }

    /// Sends one message; 201 or 200 is the end of it.
    /// - Parameter patience: seconds after which it gives up.
    func send(_ clientMessageId: String, content: String? = nil, patience: Double = 60) throws -> Wire.Reply {
        let end = Date.now.addingTimeInterval(patience)
        while Date.now < end {
            let begun = ContinuousClock.now
            do {
                let reply = try post(clientMessageId, content ?? "message \(clientMessageId)")
                weather.note { $0.slowest = max($0.slowest, ContinuousClock.now - begun) }
                if reply.status == 201 || reply.status == 200 { return reply }
                try #require(reply.status == 503, "\(reply.status): \(String(decoding: reply.body, as: UTF8.self))")
                expectUnavailable(reply)
                weather.note { $0.unavailable += 1 }
            } catch is WireError {
                wire = nil
                weather.note { $0.lost += 1 }
            }
            Thread.sleep(forTimeInterval: 0.05)
        }
        throw NeverHappened(description: "\(clientMessageId) was not acknowledged within \(patience) s")
    }

    private func post(_ clientMessageId: String, _ content: String) throws -> Wire.Reply {
        let wire = try self.wire ?? Wire(port: port)
        self.wire = wire
        return try wire.send(
            "POST", "/api/conversations/\(conversation)/messages", token: token,
            ["content": .string(content), "clientMessageId": .string(clientMessageId)])
    }
}

/// An answer while a store is away is a problem that says so, and when to come back.
func expectUnavailable(_ reply: Wire.Reply) {
    #expect(reply.status == 503)
    #expect(reply.headers["content-type"] == "application/problem+json")
    #expect(reply["code"].stringValue == "unavailable")
    #expect(reply.headers["retry-after"].flatMap { Int($0) } != nil, "no Retry-After")
}
