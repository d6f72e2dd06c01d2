import Mongo
import TestSupport
import Testing

@Suite struct MongoSchemaTests {
    private let rule: BSONDocument = ["$jsonSchema": ["required": ["name"]]]

    @Test("Making a collection twice changes its validator and keeps its documents")
    func collections() async throws {
        try await TestMongo.with { _, database in
            try await database.createCollection("people")
            let people = database.collection("people")
            try await people.insert(["_id": 1])
            try await database.createCollection("people", validator: rule)
            try await database.createCollection("people", validator: rule)
            #expect(await #expect(throws: MongoError.self) { try await people.insert(["_id": 2]) }?.code == .validation)
            try await database.createCollection("people")
            try await people.insert(["_id": 2])
            #expect(try await people.count() == 2)
            #expect(try await database.listCollections() == ["people"])
            try await people.drop()
            try await people.drop()
            #expect(try await database.listCollections() == [])
        }
    }

    @Test("Two that make the same collection and indexes at once both succeed")
    func together() async throws {
        try await TestMongo.with { _, database in
            try await withThrowingTaskGroup { group in
                for _ in 0..<4 {
                    group.addTask {
                        try await database.createCollection("people", validator: rule)
                        try await database.collection("people").createIndexes([MongoIndex("by_name", ["name": 1])])
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test("Indexes can be made again, and a different one of the same name is refused")
    func indexes() async throws {
        try await TestMongo.with { _, database in
            let people = database.collection("people")
            #expect(try await people.listIndexes().isEmpty)
            let indexes = [
                MongoIndex(
                    "by_name", ["name": 1, "at": -1], isUnique: true, partialFilter: ["name": ["$type": "string"]]),
                MongoIndex("expiry", ["at": 1], expireAfter: .seconds(3600)),
            ]
            try await people.createIndexes(indexes)
            try await people.createIndexes(indexes)
            try await people.createIndexes([])
            let listed = try await people.listIndexes()
            #expect(listed.compactMap { $0.string("name") } == ["_id_", "by_name", "expiry"])
            #expect(listed[2].int("expireAfterSeconds") == 3600 && listed[1].bool("unique") == true)
            let error = await #expect(throws: MongoError.self) {
                try await people.createIndexes([MongoIndex("by_name", ["name": 1])])
            }
            #expect(error?.code == .server(code: 86))
            try await people.dropIndex("expiry")
            try await people.dropIndex("expiry")
            #expect(try await people.listIndexes().count == 2)
        }
    }
}
