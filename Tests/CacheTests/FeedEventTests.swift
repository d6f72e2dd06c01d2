import Foundation
import Redis
import Tenancy
import Testing

@testable import Cache

@Suite struct FeedEventTests {
    func parse(_ event: FeedEvent) -> FeedEvent? {
        FeedEvent(
            fields: event.fields.map { argument in
                switch argument {
                case .text(let text): .bulk(Array(text.utf8))
                case .bytes(let bytes): .bulk(bytes)
                case .integer(let number): .bulk(Array(String(number).utf8))
                case .words: .null
                }
            })
    }

    @Test func `events come back as they went`() {
        let events = [
            FeedEvent(type: "typing"),
            FeedEvent(
                type: "message.created", conversationId: UUID(),
                audience: FeedAudience(ownerUserId: UUID(), customerId: UUID()), seq: .max, payload: [0, 255]),
        ]
        for event in events { #expect(parse(event) == event) }
    }

    @Test func `an event whose audience cannot be read is not an event`() {
        let type: [RESPValue] = [.bulk(Array("t".utf8)), .bulk(Array("message.created".utf8))]
        for field in ["o", "u"] {
            #expect(FeedEvent(fields: type + [.bulk(Array(field.utf8)), .bulk(Array("nobody".utf8))]) == nil)
        }
        #expect(FeedEvent(fields: type) != nil)
        #expect(FeedEvent(fields: []) == nil)
    }

    @Test(arguments: [
        "", "1", "1-", "-1", "1-2-3", "+1-2", "1--2", " 1-2", "0x1-2", "99999999999999999999-0", "$", "a-b", "١-٢",
    ])
    func `places that are none are refused`(text: String) {
        #expect(FeedID(text) == nil)
    }

    @Test func `places are ordered as they were made`() throws {
        let texts = ["0-0", "0-1", "9-0", "9-10", "10-2", "18446744073709551615-18446744073709551615"]
        let ids = try texts.map { try #require(FeedID($0)) }
        #expect(ids == ids.shuffled().sorted())
        #expect(ids.map(\.description) == texts)
    }

    @Test func `each caller sees what is meant for it`() {
        let (user, customer) = (UUID(), UUID())
        let audiences = [
            FeedAudience(), FeedAudience(customerId: customer), FeedAudience(ownerUserId: user),
            FeedAudience(ownerUserId: user, customerId: customer),
        ]
        func seen(_ caller: Caller) -> [Bool] { audiences.map { $0.includes(caller) } }
        #expect(seen(.member(userId: user, role: .member, sessionId: UUID())) == [true, true, true, true])
        #expect(seen(.member(userId: UUID(), role: .owner, sessionId: UUID())) == [true, true, false, false])
        #expect(seen(.apiKey(id: UUID(), permissions: [])) == [true, true, false, false])
        #expect(seen(.visitor(customerId: customer)) == [false, true, false, false])
        #expect(seen(.visitor(customerId: UUID())) == [false, false, false, false])
        #expect(seen(.worker) == [true, true, true, true])
    }
}
