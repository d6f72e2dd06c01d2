import Foundation
import JSON
import Synchronization
import TestSupport
import Testing

/// Senders at work on one conversation while a test breaks something.
final class Load: Sendable {
    let tenant: Tenant
    let conversation: String
    let ledger = Ledger()
    let weather = Weather()
    private let port: Int
    private let isOver = Atomic<Bool>(false)
    private let work = Mutex<Task<Void, any Error>?>(nil)

    private init(tenant: Tenant, conversation: String, port: Int) {
        self.tenant = tenant
        self.conversation = conversation
        self.port = port
    }

    /// Signs a company up and begins to send; returns when the first messages are there.
    static func begin(_ server: ServerProcess, senders: Int = 8) async throws -> Load {
        let port = server.port
        let load = try await Threads.one {
            let tenant = try Tenant(at: port)
            return Load(tenant: tenant, conversation: try tenant.conversation(at: port), port: port)
        }
        load.work.withLock { $0 = Task { try await Threads.run(senders, load.keepSending) } }
        try await eventually("the load has begun") { load.ledger.count > 50 }
        return load
    }

    private func keepSending(_ writer: Int) throws {
        let sender = Sender(port: port, token: tenant.token, conversation: conversation, weather: weather)
        var number = 0
        while !isOver.load(ordering: .acquiring) {
            let id = "\(writer)-\(number)"
            try ledger.note(id, sender.send(id))
            number += 1
        }
    }

    /// A read is refused as it should be, in bounded time.
    func expectRefusal() async throws {
        let (port, conversation, token) = (port, conversation, tenant.token)
        try await Threads.one {
            let wire = try Wire(port: port, timeout: 15)
            expectUnavailable(try wire.send("GET", "/api/conversations/\(conversation)/messages", token: token))
        }
    }

    /// Goes on until messages are acknowledged again, ends the load and checks that all that was acknowledged is there.
    /// - Parameter expectRefusals: whether senders must have seen 503; `nil` when that depends on caches.
    func end(expectRefusals: Bool?) async throws {
        let before = ledger.count
        let recovery = ContinuousClock.now
        try await eventually("messages are acknowledged again", within: 30) { self.ledger.count > before + 50 }
        let elapsed = ContinuousClock.now - recovery
        isOver.store(true, ordering: .releasing)
        try await work.withLock { $0 }?.value
        let report = weather.report
        if let expectRefusals { #expect((report.unavailable > 0) == expectRefusals, "\(report)") }
        #expect(report.lost == 0, "the server dropped connections")
        #expect(report.slowest < .seconds(15), "an answer took \(report.slowest)")
        let (port, conversation, token, ledger) = (port, conversation, tenant.token, ledger)
        try await Threads.one { try ledger.check(try history(of: conversation, token: token, at: port)) }
        print("\(ledger.count) messages, flowing again after \(elapsed), \(report)")
    }
}
