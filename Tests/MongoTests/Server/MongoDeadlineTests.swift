import Mongo
import TestSupport
import Testing

/// Slow operations are made by JavaScript that sleeps on the server.
@Suite struct MongoDeadlineTests {
    private func slow(_ milliseconds: Int) -> BSONDocument { ["$where": "sleep(\(milliseconds)) || true"] }

    private func prepared(_ database: MongoDatabase) async throws -> MongoCollection {
        let items = database.collection("items")
        try await items.insert(["_id": 1])
        return items
    }

    @Test("A slow read ends at its deadline, and the client goes on")
    func read() async throws {
        try await TestMongo.with { client, database in
            let items = try await prepared(database)
            let start = ContinuousClock.now
            let error = await #expect(throws: MongoError.self) {
                try await items.with(timeout: .milliseconds(300)).findOne(slow(20_000))
            }
            #expect(error?.code == .timeout && error?.isUnavailable == true)
            #expect(ContinuousClock.now - start < .seconds(20))
            #expect(try await items.count() == 1)
        }
    }

    @Test("A slow write that passes its deadline is unknown, not failed")
    func write() async throws {
        try await TestMongo.with { client, database in
            let items = try await prepared(database)
            let error = await #expect(throws: MongoError.self) {
                try await items.with(timeout: .milliseconds(300)).update(one: slow(2000), ["$set": ["done": true]])
            }
            #expect(error?.code == .outcomeUnknown)
            try await eventually("the write that nobody waited for happened") {
                try await items.findOne(["_id": 1])?.bool("done") == true
            }
        }
    }

    @Test("Waiting in the queue counts: what does not get its turn in time was never sent")
    func queued() async throws {
        try await TestMongo.with(configure: { $0.threads = 2 }) { client, database in
            let items = try await prepared(database)
            try await withThrowingTaskGroup { group in
                for _ in 0..<2 { group.addTask { _ = try await items.findOne(slow(1500)) } }
                try await Task.sleep(for: .milliseconds(200))
                let error = await #expect(throws: MongoError.self) {
                    try await items.with(timeout: .milliseconds(200)).insert(["_id": 2])
                }
                #expect(error?.code == .timeout)
                try await group.waitForAll()
            }
            #expect(try await items.count() == 1)
        }
    }

    @Test("A full queue refuses at once and says so")
    func full() async throws {
        try await TestMongo.with(configure: { ($0.threads, $0.queueLimit) = (2, 3) }) { client, database in
            let items = try await prepared(database)
            await withTaskGroup { group in
                for _ in 0..<2 { group.addTask { _ = try? await items.findOne(slow(1500)) } }
                try? await Task.sleep(for: .milliseconds(300))
                for _ in 0..<3 { group.addTask { _ = try? await items.findOne([:]) } }
                try? await eventually("the queue is full") { client.waitingOperations == 3 }
                let start = ContinuousClock.now
                let error = await #expect(throws: MongoError.self) { try await items.insert(["_id": 2]) }
                #expect(error?.code == .queueFull && error?.isUnavailable == true)
                #expect(ContinuousClock.now - start < .seconds(1))
            }
            #expect(try await items.count() == 1)
        }
    }

    @Test("Cancelled operations answer at once, make room in the queue and leave the pool whole")
    func cancellation() async throws {
        try await TestMongo.with(configure: { ($0.threads, $0.queueLimit) = (2, 20) }) { client, database in
            let items = try await prepared(database)
            let start = ContinuousClock.now
            for _ in 0..<3 {
                let tasks = (0..<20).map { _ in Task { try await items.findOne(slow(1000)) } }
                try await Task.sleep(for: .milliseconds(100))
                for task in tasks { task.cancel() }
                for task in tasks {
                    let error = await #expect(throws: MongoError.self) { try await task.value }
                    #expect(error?.code == .cancelled)
                }
                #expect(client.waitingOperations == 0)
            }
            #expect(ContinuousClock.now - start < .seconds(20))
            // Both threads have to come free, and their connections must not carry an old answer.
            try await withThrowingTaskGroup { group in
                for number in Int64(10)..<30 {
                    group.addTask {
                        try await items.insert(["_id": .int64(number)])
                        #expect(try await items.findOne(["_id": .int64(number)])?.int64("_id") == number)
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test("A task that is cancelled already sends nothing")
    func cancelledBefore() async throws {
        try await TestMongo.with { _, database in
            let items = try await prepared(database)
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                try await items.insert(["_id": 2])
            }
            #expect(await #expect(throws: MongoError.self) { try await task.value }?.code == .cancelled)
            #expect(try await items.count() == 1)
        }
    }
}
