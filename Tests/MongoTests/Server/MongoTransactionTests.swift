import Mongo
import TestSupport
import Testing

@Suite struct MongoTransactionTests {
    private struct Refusal: Error {}

    private func accounts(_ database: MongoDatabase) async throws -> MongoCollection {
        try await database.createCollection("accounts")
        let accounts = database.collection("accounts")
        try await accounts.insert([["_id": "a", "n": 100], ["_id": "b", "n": 0]])
        return accounts
    }

    @Test("A transaction shows nothing before it is committed, and all of it after")
    func commit() async throws {
        try await TestMongo.with { client, database in
            let accounts = try await accounts(database)
            let result = try await client.withTransaction { session in
                try await accounts.update(one: ["_id": "a"], ["$inc": ["n": -5]], session: session)
                try await accounts.update(one: ["_id": "b"], ["$inc": ["n": 5]], session: session)
                try await accounts.insert(["_id": "c"], session: session)
                let taken = try await accounts.findAndUpdate(["_id": "c"], ["$set": ["n": 1]], session: session)
                #expect(taken?.int("n") == 1)
                #expect(try await accounts.count(session: session) == 3)
                #expect(try await accounts.findOne(["_id": "a"], session: session)?.int("n") == 95)
                #expect(try await accounts.findOne(["_id": "a"])?.int("n") == 100)
                #expect(try await accounts.count() == 2)
                return "done"
            }
            #expect(result == "done")
            #expect(try await accounts.findOne(["_id": "b"])?.int("n") == 5)
            #expect(try await accounts.count() == 3)
        }
    }

    @Test("A body that throws leaves nothing behind, and its error comes through")
    func abort() async throws {
        try await TestMongo.with { client, database in
            let accounts = try await accounts(database)
            await #expect(throws: Refusal.self) {
                try await client.withTransaction { session in
                    try await accounts.delete(many: [:], session: session)
                    throw Refusal()
                }
            }
            let error = await #expect(throws: MongoError.self) {
                try await client.withTransaction { session in
                    try await accounts.insert(["_id": "c"], session: session)
                    try await accounts.insert(["_id": "a"], session: session)
                }
            }
            #expect(error?.isDuplicateKey == true && error?.duplicateIndex == "_id_")
            #expect(try await accounts.count() == 2)
            // Nothing holds a lock any more.
            try await accounts.update(one: ["_id": "a"], ["$set": ["free": true]])
        }
    }

    @Test("Transactions that collide run again until each has happened once")
    func conflict() async throws {
        try await TestMongo.with { client, database in
            let accounts = try await accounts(database)
            let runs = Counter()
            try await withThrowingTaskGroup { group in
                for _ in 0..<8 {
                    group.addTask {
                        try await client.withTransaction { session in
                            runs.add(1)
                            let n = try await accounts.findOne(["_id": "a"], session: session)?.int64("n") ?? 0
                            try await Task.sleep(for: .milliseconds(5))
                            try await accounts.update(
                                one: ["_id": "a"], ["$set": ["n": .int64(n - 1)]], session: session)
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await accounts.findOne(["_id": "a"])?.int("n") == 92)
            #expect(runs.value >= 8)
        }
    }

    @Test("A transaction that always collides gives up after a bounded number of attempts")
    func bounded() async throws {
        try await TestMongo.with { client, database in
            let accounts = try await accounts(database)
            let runs = Counter()
            let error = await #expect(throws: MongoError.self) {
                try await client.withTransaction { session in
                    runs.add(1)
                    _ = try await accounts.findOne(["_id": "a"], session: session)
                    try await accounts.update(one: ["_id": "a"], ["$inc": ["n": 1]])
                    try await accounts.update(one: ["_id": "a"], ["$inc": ["n": 1]], session: session)
                }
            }
            #expect(error?.code == .server(code: 112))
            #expect(runs.value == 5)
        }
    }

    @Test("Plain operations are answered while as many transactions as allowed stay open")
    func starvation() async throws {
        try await TestMongo.with { client, database in
            let accounts = try await accounts(database)
            let open = Counter()
            try await withThrowingTaskGroup { group in
                for number in Int64(0)..<6 {
                    group.addTask {
                        try await client.withTransaction { session in
                            let now = open.add(1)
                            #expect(now <= client.configuration.transactionLimit)
                            try await accounts.insert(["_id": .int64(number)], session: session)
                            for _ in 0..<5 { _ = try await accounts.findOne(["_id": "a"]) }
                            open.add(-1)
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await accounts.count() == 8)
        }
    }

    @Test("A cancelled transaction is aborted and gives its thread back")
    func cancelled() async throws {
        try await TestMongo.with { client, database in
            let accounts = try await accounts(database)
            for _ in 0..<5 {
                let (started, signal) = AsyncStream<Void>.makeStream()
                let task = Task {
                    try await client.withTransaction { session in
                        try await accounts.delete(many: [:], session: session)
                        signal.finish()
                        try await Task.sleep(for: .seconds(60))
                    }
                }
                for await _ in started {}
                task.cancel()
                await #expect(throws: (any Error).self) { try await task.value }
            }
            #expect(try await accounts.count() == 2)
            try await accounts.update(one: ["_id": "a"], ["$set": ["free": true]])
        }
    }

    @Test("A session is of no use after its transaction, nor at another client")
    func misuse() async throws {
        try await TestMongo.with { client, database in
            let accounts = try await accounts(database)
            let session = try await client.withTransaction { $0 }
            let late = await #expect(throws: MongoError.self) {
                try await accounts.insert(["_id": 1], session: session)
            }
            #expect(late?.code == .sessionEnded)
            try await TestMongo.with { other, _ in
                try await other.withTransaction { foreign in
                    let error = await #expect(throws: MongoError.self) {
                        try await accounts.findOne([:], session: foreign)
                    }
                    #expect(error?.code == .invalid)
                }
            }
        }
    }

    @Test("A transaction that stays open too long loses its thread")
    func tooLong() async throws {
        try await TestMongo.with(configure: { $0.transactionTimeout = .milliseconds(300) }) { client, database in
            let accounts = try await accounts(database)
            let error = await #expect(throws: MongoError.self) {
                try await client.withTransaction { session in
                    try await accounts.insert(["_id": "c"], session: session)
                    try await Task.sleep(for: .milliseconds(800))
                }
            }
            #expect(error?.code == .timeout)
            #expect(try await accounts.count() == 2)
        }
    }
}
