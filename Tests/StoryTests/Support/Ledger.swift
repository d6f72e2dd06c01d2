import Foundation
import JSON
import Synchronization
import TestSupport
import Testing

/// What was acknowledged, and the check that exactly this is there.
final class Ledger: Sendable {
    struct Entry: Hashable, Sendable {
        let id: String
        let seq: Int
    }

    private let entries = Mutex<[String: Entry]>([:])

    /// Number of messages that were acknowledged.
    var count: Int { entries.withLock { $0.count } }

    /// Notes an acknowledgement. A repeated one must name the same message.
    func note(_ clientMessageId: String, _ reply: Wire.Reply) throws {
        let entry = Entry(
            id: try #require(reply["id"].stringValue), seq: Int(try #require(reply["seq"].integerValue)))
        let before = entries.withLock { entries in
            let before = entries[clientMessageId]
            entries[clientMessageId] = before ?? entry
            return before
        }
        #expect(before == nil || before == entry, "\(clientMessageId) was acknowledged as two messages")
    }

    /// Every acknowledged message is in the history exactly once, as it was acknowledged, and `seq` has no gap.
    func check(_ history: [JSONValue]) throws {
        #expect(history.compactMap { $0["seq"]?.integerValue } == (0..<history.count).map { Int64($0 + 1) })
        let ids = history.compactMap { $0["id"]?.stringValue }
        #expect(Set(ids).count == history.count, "an id occurs twice")
        var found: [String: Entry] = [:]
        for message in history {
            guard let key = message["clientMessageId"]?.stringValue else { continue }
            let entry = Entry(
                id: message["id"]?.stringValue ?? "", seq: Int(message["seq"]?.integerValue ?? 0))
            #expect(found.updateValue(entry, forKey: key) == nil, "\(key) is there twice")
        }
        for (key, entry) in entries.withLock({ $0 }) {
            #expect(found[key] == entry, "\(key) was acknowledged as \(entry) and is \(String(describing: found[key]))")
        }
    }
}

/// Reads a conversation from its beginning to its end.
func history(of conversation: String, token: String, at port: Int) throws -> [JSONValue] {
    let wire = try Wire(port: port)
    var messages: [JSONValue] = []
    while true {
        let after = messages.last?["seq"]?.integerValue ?? 0
        let reply = try wire.send(
            "GET", "/api/conversations/\(conversation)/messages?after=\(after)&limit=200", token: token)
        try #require(reply.status == 200, "history: \(String(decoding: reply.body, as: UTF8.self))")
        if reply.data.isEmpty { return messages }
        messages += reply.data
    }
}
