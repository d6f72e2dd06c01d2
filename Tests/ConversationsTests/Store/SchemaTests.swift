import Mongo
import Testing

@testable import Conversations

@Suite struct SchemaTests {
    @Test func anIndexOfAnotherShapeIsMadeAgain() async throws {
        try await Bench.with { bench in
            let collection = bench.database.collection("messages")
            try await collection.dropIndex(ConversationIndexes.pendingRouting)
            try await collection.createIndexes([MongoIndex(ConversationIndexes.pendingRouting, ["timestamp": 1])])
            try await ConversationSchema.apply(bench.database)
            let index = try #require(
                try await collection.listIndexes().first { $0.string("name") == ConversationIndexes.pendingRouting })
            #expect(index.document("key")?.keys.first == "companyId")
        }
    }

    /// Without the referee two processes would give out one number twice.
    @Test func aUniqueIndexIsNotTakenAway() async throws {
        try await Bench.with { bench in
            let collection = bench.database.collection("messages")
            try await collection.dropIndex(ConversationIndexes.seq)
            try await collection.createIndexes([MongoIndex(ConversationIndexes.seq, ["seq": 1])])
            await #expect(throws: ConversationSchemaError.uniqueIndexChanged(index: "seq", collection: "messages")) {
                try await ConversationSchema.apply(bench.database)
            }
            #expect(try await collection.listIndexes().contains { $0.string("name") == ConversationIndexes.seq })
        }
    }

    @Test func anOlderProgramLeavesANewerDatabaseAlone() async throws {
        try await Bench.with { bench in
            let newer = SchemaVersion.program + 1
            try await bench.database.collection("schema").update(
                one: ["_id": "conversations"], ["$set": ["version": .int64(newer)]], upsert: true)
            await #expect(
                throws: ConversationSchemaError.databaseIsNewer(
                    database: Int(newer), program: Int(SchemaVersion.program))
            ) { try await ConversationSchema.apply(bench.database) }
        }
    }
}
