import Foundation
import Testing

@testable import Conversations
@testable import Mongo
@testable import Tenancy

@Suite struct BatchWriterTests {
    func result(_ inserted: Int, _ errors: [(place: Int, code: Int64, index: String?)]) -> MongoBulkResult {
        var result = MongoBulkResult()
        result.inserted = inserted
        result.writeErrors = errors.map { place, code, index in
            let text = index.map { "E11000 duplicate key error collection: db.messages index: \($0) dup key: { x }" }
            return MongoWriteError([
                "index": .int64(Int64(place)), "code": .int64(code), "errmsg": .string(text ?? "no"),
            ])
        }
        return result
    }

    @Test func whatMongoDBSaysIsReadDocumentByDocument() {
        let mixed = BatchWriter.outcomes(
            of: result(2, [(1, 11000, "seq"), (2, 11000, "clientMessageId"), (4, 11000, "_id_")]), count: 5, .mixed)
        #expect(mixed == [.inserted, .seqTaken, .duplicate, .inserted, .duplicate])
        let ordered = BatchWriter.outcomes(of: result(1, [(1, 11000, "clientMessageId")]), count: 4, .ordered)
        #expect(ordered == [.inserted, .duplicate, .notTried, .notTried])
    }

    @Test func whatIsNotSureIsLost() {
        let strange = BatchWriter.outcomes(of: result(2, [(1, 365, nil)]), count: 3, .mixed)
        #expect(strange == [.inserted, .lost, .inserted])
        let unknownIndex = BatchWriter.outcomes(of: result(0, [(0, 11000, "other")]), count: 1, .mixed)
        #expect(unknownIndex == [.lost])
        let tooFew = BatchWriter.outcomes(of: result(1, [(0, 11000, "seq")]), count: 4, .mixed)
        #expect(tooFew == [.seqTaken, .lost, .lost, .lost], "the figures do not add up")
        let outside = BatchWriter.outcomes(of: result(1, [(7, 11000, "seq")]), count: 1, .mixed)
        #expect(outside == [.inserted])
    }

    /// MongoDB refused the second of three for a reason of its own: its place is filled before anybody is answered.
    @Test func aHoleThatMongoDBLeftIsFilled() async throws {
        try await Bench.with { bench in
            let conversation = try await bench.conversation()
            let key = ConversationKey(companyId: bench.company, conversationId: conversation.id)
            let requests = (1...3).map { number -> AppendRequest in
                let message = Message(
                    .text("\(number)"), sender: "x", companyId: bench.company, conversationId: conversation.id,
                    in: conversation.audience)
                return AppendRequest(
                    key: key, audience: conversation.audience, message: message, document: MessageDocument(message),
                    isIdempotent: false)
            }
            for index in [0, 2] {
                var document = requests[index].document
                document.stamp(seq: index + 1, timestamp: .now)
                try await bench.store.messages.insert(document.document)
            }
            let entries = (1...3).map { AppendBatch.Entry(ticket: UInt64($0), bytes: 1, isIdempotent: false) }
            let run = AppendBatch.Run(
                key: key, head: Head(seq: 0, timestamp: .distantPast), entries: entries, timestamp: .now)
            let writer = BatchWriter(
                messages: bench.store.messages, follower: bench.store.follower, lookupTime: .seconds(5),
                logger: Bench.quiet)
            var outcomes: [[AppendOutcome]] = [[.inserted, .lost, .inserted]]
            await writer.fillHoles(AppendBatch(kind: .mixed, runs: [run]), [requests], &outcomes)
            #expect(outcomes == [[.inserted, .inserted, .inserted]])
            #expect(try await bench.all(conversation.id).map(\.content) == ["1", "2", "3"])
            outcomes = [[.inserted, .inserted, .lost]]
            await writer.fillHoles(AppendBatch(kind: .mixed, runs: [run]), [requests], &outcomes)
            #expect(outcomes == [[.inserted, .inserted, .lost]], "the end of a run is no hole")
        }
    }
}
