import Foundation
import JSON
import Mongo
import Testing

@testable import Conversations

@Suite struct DocumentTests {
    static let message = Message(
        id: .v7(), companyId: .v7(), conversationId: .v7(), seq: 0, role: .customer, sender: "customer:1",
        content: "Hello", agentName: nil, clientMessageId: "c", reasoning: nil, functionCalls: nil,
        functionOutputs: nil, metadata: ["a": 1], inReplyTo: nil, turnId: nil, routing: nil,
        timestamp: Date(timeIntervalSince1970: 0), editedAt: nil, deletedAt: nil)

    @Test(arguments: [1, 255, 256, 70_000, Int(Int32.max) + 1])
    func aStampChangesPlaceAndTimeAndNothingElse(seq: Int) throws {
        var document = MessageDocument(Self.message)
        let time = Timestamp.parse("2026-11-21T05:42:01.987Z") ?? .now
        document.stamp(seq: seq, timestamp: time)
        #expect(document.document.isWellFormed)
        #expect(try Message(document.document) == Self.message.at(seq: seq, timestamp: time))
        #expect(document.document == MessageDocument(Self.message.at(seq: seq, timestamp: time)).document)
    }

    @Test func everyFieldOfAConversationSurvives() throws {
        let now = Date().inMilliseconds
        let full = Conversation(
            id: .v7(), companyId: .v7(), customerId: .v7(), platform: .whatsapp, owner: .company, title: "T",
            status: .archived, assignee: .v7(), agent: "sales", control: Control(holder: "agent:sales", version: 3),
            lastMessageAt: now, messageCount: 7, attributes: ["$x": ["y": nil]], version: 4, createdAt: now,
            updatedAt: now)
        #expect(try Conversation(full.document()) == full)
        let user = UUID()
        let bare = Conversation(
            id: .v7(), companyId: .v7(), customerId: nil, platform: .internal, owner: .user(user), title: nil,
            status: .active, assignee: nil, agent: nil, control: Control(), lastMessageAt: nil, messageCount: 0,
            attributes: [:], version: 1, createdAt: now, updatedAt: now)
        #expect(try Conversation(bare.document(threadOf: user)) == bare)
    }

    @Test func aConversationIsWrittenAsTheContractSays() throws {
        let id = UUID(), company = UUID(), time = Timestamp.parse("2026-01-02T03:04:05.006Z") ?? .now
        let conversation = Conversation(
            id: id, companyId: company, customerId: nil, platform: .internal, owner: .user(UUID()), title: nil,
            status: .active, assignee: nil, agent: "mem", control: Control(), lastMessageAt: nil, messageCount: 0,
            attributes: ["mine": 1, "status": "forged"], version: 1, createdAt: time, updatedAt: time)
        let expected = """
            {"id":"\(id.lowercased)","companyId":"\(company.lowercased)","customerId":null,"platform":"internal",\
            "title":null,"status":"active","assignee":null,"agent":"mem","control":{"holder":null,"version":0,"requestedAt":null},\
            "metadata":{"lastMessageAt":null,"messageCount":0,"status":"active","mine":1},\
            "createdAt":"2026-01-02T03:04:05.006Z","updatedAt":"2026-01-02T03:04:05.006Z"}
            """
        #expect(conversation.encodedString == expected)
    }

    @Test func aMessageIsWrittenAsTheContractSays() {
        let message = Self.message
        let expected = """
            {"id":"\(message.id.lowercased)","conversationId":"\(message.conversationId.lowercased)","seq":0,\
            "role":"customer","content":"Hello","agentName":null,"clientMessageId":"c","reasoning":null,\
            "functionCalls":null,"functionOutputs":null,"metadata":{"a":1},"inReplyTo":null,\
            "timestamp":"1970-01-01T00:00:00.000Z","editedAt":null,"deletedAt":null}
            """
        #expect(message.encodedString == expected)
    }

    @Test func aDocumentOfAnotherShapeIsNamedAndNotTrapped() {
        #expect(throws: ConversationError.corrupt("_id")) { try Message(["a": 1]) }
        #expect(throws: ConversationError.corrupt("_id")) { try Conversation([:]) }
        var document = BSONDocument()
        for (key, value) in MessageDocument(Self.message).document where key != "role" { document.append(key, value) }
        #expect(throws: ConversationError.corrupt("role")) { try Message(document) }
    }

    @Test func assistantIsAWordForAgent() {
        #expect(MessageRole(word: "assistant") == .agent)
        #expect(MessageRole(word: "agent") == .agent)
        #expect(MessageRole(word: "root") == nil)
    }

    @Test func aSearchTextMatchesItselfAlone() {
        #expect(ConversationFilter.escaped("a.*(b)[c]\\") == "a\\.\\*\\(b\\)\\[c\\]\\\\")
        #expect(ConversationFilter.escaped("Größe 50% \u{1F600}") == "Größe 50% \u{1F600}")
    }
}
