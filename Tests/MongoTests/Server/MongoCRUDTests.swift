import Foundation
import Mongo
import TestSupport
import Testing

@Suite struct MongoCRUDTests {
    @Test("What is written is found, changed, counted and removed")
    func roundTrip() async throws {
        try await TestMongo.with { client, database in
            let people = database.collection("people")
            let id = UUID()
            try await people.insert(["_id": .uuid(id), "name": "Ada", "at": .date(Date(timeIntervalSince1970: 1.25))])
            try await people.insert([["_id": 2, "name": "Bob"], ["_id": 3, "name": "Cleo"]])
            let ada = try #require(try await people.findOne(["_id": .uuid(id)]))
            #expect(ada.string("name") == "Ada" && ada.date("at") == Date(timeIntervalSince1970: 1.25))
            #expect(try await people.count() == 3)
            #expect(try await people.count(limit: 2) == 2)
            #expect(try await people.count(["name": "Nobody"]) == 0)

            let changed = try await people.update(one: ["_id": 2], ["$set": ["name": "Bo"]])
            #expect(changed.matched == 1 && changed.modified == 1)
            let same = try await people.update(one: ["_id": 2], ["$set": ["name": "Bo"]])
            #expect(same.matched == 1 && same.modified == 0)
            #expect(try await people.update(many: [:], ["$set": ["seen": true]]).modified == 3)
            #expect(try await people.update(one: ["_id": 9], ["$set": ["name": "New"]], upsert: true).upserted == 1)

            #expect(try await people.delete(one: ["_id": 9]) == 1)
            #expect(try await people.delete(one: ["_id": 9]) == 0)
            #expect(try await people.delete(many: ["seen": true]) == 3)
            #expect(try await people.findOne([:]) == nil)
        }
    }

    @Test("Sort, skip, limit, projection and hint do what they say")
    func options() async throws {
        try await TestMongo.with { _, database in
            let numbers = database.collection("numbers")
            try await numbers.createIndexes([MongoIndex("by_n", ["n": 1])])
            try await numbers.insert((0..<20).map { ["_id": .int64($0), "n": .int64(19 - $0), "x": "y"] })
            let found = try await numbers.find(
                ["n": ["$gte": 5]], sort: ["n": 1], limit: 3, skip: 1, projection: ["n": 1, "_id": 0], hint: "by_n")
            #expect(found == [["n": 6], ["n": 7], ["n": 8]])
            await #expect(throws: MongoError.self) { try await numbers.find([:], limit: 1, hint: "no_such_index") }
            await #expect(throws: MongoError.self) { try await numbers.find([:], limit: 0) }
            let plan = try await numbers.explain(find: ["n": 3], limit: 1, hint: "by_n")
            #expect(plan.document("executionStats")?.int("totalDocsExamined") == 1)
        }
    }

    @Test("A cursor of many batches comes back whole and in order")
    func manyBatches() async throws {
        try await TestMongo.with { _, database in
            let log = database.collection("log")
            let padding = String(repeating: "x", count: 4000)
            for start in stride(from: Int64(0), to: 12_000, by: 2000) {
                let writes = (start..<(start + 2000)).map {
                    MongoWrite.insert(["_id": .int64($0), "p": .string(padding)])
                }
                #expect(try await log.bulkWrite(writes, ordered: false).inserted == 2000)
            }
            let found = try await log.find([:], sort: ["_id": 1], limit: 11_500)
            #expect(found.count == 11_500)
            #expect(found.enumerated().allSatisfy { $1.int("_id") == $0 })
        }
    }

    @Test("A result that is too large is refused instead of filling the memory")
    func tooLarge() async throws {
        try await TestMongo.with(configure: { $0.maximumResultBytes = 10_000 }) { _, database in
            let log = database.collection("log")
            try await log.insert(
                (0..<20).map { ["_id": .int64($0), "p": .string(String(repeating: "x", count: 1000))] })
            #expect(try await log.find([:], limit: 5).count == 5)
            let error = await #expect(throws: MongoError.self) { try await log.find([:], limit: 20) }
            #expect(error?.code == .resultTooLarge)
            let many = await #expect(throws: MongoError.self) {
                try await log.aggregate([["$project": ["_id": 1]]], limit: 19)
            }
            #expect(many?.code == .resultTooLarge)
        }
    }

    @Test("Find and update is atomic: 50 at once take 50 different numbers")
    func counters() async throws {
        try await TestMongo.with { _, database in
            let counters = database.collection("counters")
            try await counters.insert(["_id": "n", "value": 0])
            let taken = try await withThrowingTaskGroup(of: Int?.self) { group in
                for _ in 0..<50 {
                    group.addTask {
                        try await counters.findAndUpdate(["_id": "n"], ["$inc": ["value": 1]])?.int("value")
                    }
                }
                return try await group.reduce(into: Set<Int>()) { set, value in if let value { set.insert(value) } }
            }
            #expect(taken == Set(1...50))
            #expect(
                try await counters.findAndUpdate(["_id": "n"], ["$inc": ["value": 1]], returnNew: false)?.int("value")
                    == 50)
            #expect(try await counters.findAndUpdate(["_id": "x"], ["$set": ["a": 1]]) == nil)
            #expect(try await counters.findAndUpdate(["_id": "x"], ["$set": ["a": 1]], upsert: true)?.int("a") == 1)
            #expect(try await counters.findAndDelete(["_id": "x"])?.int("a") == 1)
            #expect(try await counters.findAndDelete(["_id": "x"]) == nil)
        }
    }

    @Test("Texts with U+0000 and emoji survive; a key with U+0000 is refused before anything is sent")
    func texts() async throws {
        try await TestMongo.with { _, database in
            let texts = database.collection("texts")
            try await texts.insert(["_id": "a\u{0}b😀", "v": ""])
            #expect(try await texts.findOne(["_id": "a\u{0}b😀"])?.string("v") == "")
            #expect(try await texts.findOne(["_id": "a"]) == nil)
            let error = await #expect(throws: MongoError.self) { try await texts.insert(["_id": 1, "bad\u{0}key": 1]) }
            #expect(error?.code == .invalid)
            let huge: BSONDocument = ["_id": 2, "v": .string(String(repeating: "x", count: 16 << 20))]
            #expect(await #expect(throws: MongoError.self) { try await texts.insert(huge) }?.code == .invalid)
            let broken = BSONDocument(bytes: [9, 0, 0, 0, 0])
            #expect(await #expect(throws: MongoError.self) { try await texts.findOne(broken) }?.code == .invalid)
            #expect(try await texts.count() == 1)
        }
    }

    @Test("200 operations at once are all answered, on four threads")
    func concurrency() async throws {
        try await TestMongo.with { client, database in
            let items = database.collection("items")
            try await withThrowingTaskGroup { group in
                for number in Int64(0)..<200 {
                    group.addTask {
                        try await items.insert(["_id": .int64(number)])
                        #expect(try await items.findOne(["_id": .int64(number)])?.int64("_id") == number)
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await items.count() == 200)
            #expect(client.waitingOperations == 0)
        }
    }

    @Test("After shutdown every operation is refused at once, and shutting down again is harmless")
    func shutdown() async throws {
        let client = try TestMongo.fresh().client()
        try await client.ping()
        await client.shutdown()
        await client.shutdown()
        let error = await #expect(throws: MongoError.self) { try await client.ping() }
        #expect(error?.code == .shutdown)
    }
}
