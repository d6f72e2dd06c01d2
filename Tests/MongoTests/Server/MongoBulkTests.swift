import Foundation
import Mongo
import TestSupport
import Testing

@Suite struct MongoBulkTests {
    private func messages(_ database: MongoDatabase) async throws -> MongoCollection {
        let messages = database.collection("messages")
        try await messages.createIndexes([
            MongoIndex("order", ["company": 1, "seq": 1], isUnique: true),
            MongoIndex(
                "sends", ["sender": 1, "clientMessageId": 1], isUnique: true,
                partialFilter: ["clientMessageId": ["$type": "string"]]),
        ])
        return messages
    }

    private func message(_ id: Int64, seq: Int64, send: String? = nil) -> MongoWrite {
        .insert(
            BSONDocument { writer in
                writer.append("_id", id)
                writer.append("company", "c")
                writer.append("seq", seq)
                writer.append("sender", "s")
                writer.append("clientMessageId", ifPresent: send)
            })
    }

    @Test("Unordered: every write has its own outcome, with the index it violated")
    func unordered() async throws {
        try await TestMongo.with { _, database in
            let messages = try await messages(database)
            let result = try await messages.bulkWrite(
                [
                    message(1, seq: 1, send: "a"), message(2, seq: 1), message(3, seq: 2, send: "a"),
                    message(4, seq: 3),
                    message(1, seq: 4), .updateOne(filter: ["_id": 4], update: ["$set": ["text": "x"]]),
                    .updateOne(filter: ["_id": 4], update: ["$set": ["_id": 5]]), message(6, seq: 5, send: "secret"),
                ], ordered: false)
            #expect(result.inserted == 3 && result.matched >= 1 && result.modified == 1)
            #expect(result.writeErrors.map(\.index).sorted() == [1, 2, 4, 6])
            let errors = Dictionary(uniqueKeysWithValues: result.writeErrors.map { ($0.index, $0) })
            #expect(
                errors[1]?.duplicateIndex == "order" && errors[1]?.isDuplicateKey == true && errors[1]?.code == 11000)
            #expect(errors[2]?.duplicateIndex == "sends")
            #expect(errors[4]?.duplicateIndex == "_id_")
            #expect(errors[6]?.isDuplicateKey == false && errors[6]?.code == 66)
            #expect(errors[2]?.message.contains("\"a\"") == false)
            #expect(try await messages.count() == 3)
        }
    }

    @Test("Ordered: nothing after the first error happens")
    func ordered() async throws {
        try await TestMongo.with { _, database in
            let messages = try await messages(database)
            let result = try await messages.bulkWrite(
                [message(1, seq: 1), message(2, seq: 1), message(3, seq: 2)], ordered: true)
            #expect(result.inserted == 1 && result.writeErrors.map(\.index) == [1])
            #expect(try await messages.count() == 1)
        }
    }

    @Test("Every kind of write, with both durabilities", arguments: [MongoDurability.journaledMajority, .acknowledged])
    func kinds(durability: MongoDurability) async throws {
        try await TestMongo.with { _, database in
            let items = database.collection("items").with(readConcern: .local)
            let result = try await items.bulkWrite(
                [
                    .insert(["_id": 1, "n": 1]), .insert(["_id": 2, "n": 1]), .insert(["_id": 3, "n": 1]),
                    .updateMany(filter: ["n": 1], update: ["$inc": ["n": 1]]),
                    .updateOne(filter: ["_id": 4], update: ["$set": ["n": 9]], upsert: true),
                    .deleteOne(filter: ["_id": 1]), .deleteMany(filter: ["n": 2]),
                ], ordered: true, durability: durability)
            #expect(result.inserted == 3 && result.modified == 3 && result.upserted == 1 && result.deleted == 3)
            #expect(result.writeErrors.isEmpty)
            #expect(try await items.find([:], limit: 9) == [["_id": 4, "n": 9]])
            #expect(try await items.bulkWrite([], ordered: true) == MongoBulkResult())
        }
    }

    @Test("A bulk of more bytes than one message keeps its numbers")
    func large() async throws {
        try await TestMongo.with { _, database in
            let items = database.collection("items")
            try await items.insert(["_id": 55])
            let text = BSONValue.string(String(repeating: "x", count: 1 << 20))
            let writes = (0..<60).map { MongoWrite.insert(["_id": .int64($0), "text": text]) }
            let result = try await items.bulkWrite(writes, ordered: false)
            #expect(result.inserted == 59 && result.writeErrors.map(\.index) == [55])
        }
    }

    @Test("A document that breaks the validator is refused; its neighbours are not")
    func validator() async throws {
        try await TestMongo.with { _, database in
            try await database.createCollection(
                "strict",
                validator: [
                    "$jsonSchema": ["required": ["seq"], "properties": ["seq": ["bsonType": "long", "minimum": 1]]]
                ])
            let strict = database.collection("strict")
            let result = try await strict.bulkWrite(
                [.insert(["_id": 1, "seq": 1]), .insert(["_id": 2, "seq": "secret"]), .insert(["_id": 3])],
                ordered: false)
            #expect(result.inserted == 1 && result.writeErrors.map(\.code) == [121, 121])
            #expect(result.writeErrors.first?.message.contains("seq") == true)
            #expect(result.writeErrors.first?.message.contains("secret") == false)
            let error = await #expect(throws: MongoError.self) { try await strict.insert(["_id": 4]) }
            #expect(error?.code == .validation)
        }
    }
}
