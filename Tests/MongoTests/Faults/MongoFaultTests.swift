import Mongo
import TestSupport
import Testing

/// Failures made on purpose, on a server of the test's own.
@Suite(.serialized) struct MongoFaultTests {
    /// Makes the server fail the given command of this client.
    private func failing<Value>(
        _ client: MongoClient, _ command: String, times: Int64 = 1, _ how: BSONDocument,
        _ body: () async throws -> Value
    ) async throws -> Value {
        let admin = client.database("admin")
        var data: BSONDocument = ["failCommands": [.string(command)]]
        for (key, value) in how { data.append(key, value) }
        _ = try await admin.command([
            "configureFailPoint": "failCommand", "mode": ["times": .int64(times)], "data": .document(data),
        ])
        let value = try await body()
        _ = try await admin.command(["configureFailPoint": "failCommand", "mode": "off"])
        return value
    }

    @Test("Errors the server makes on purpose become the right ones, and nothing is written twice")
    func failpoints() async throws {
        try await OwnMongo.with { server in
            try await TestMongo.with(server: server.uri) { client, database in
                let items = database.collection("items")
                try await database.createCollection("items")

                // A connection that breaks once is repaired by the driver's own repetition.
                try await failing(client, "insert", ["closeConnection": true]) { try await items.insert(["_id": 1]) }
                #expect(try await items.count() == 1)

                // One that breaks twice leaves the write unknown.
                let lost = try await failing(client, "insert", times: 2, ["closeConnection": true]) {
                    await #expect(throws: MongoError.self) { try await items.insert(["_id": 2]) }
                }
                #expect(lost?.code == .outcomeUnknown)
                let lostBulk = try await failing(client, "insert", times: 2, ["closeConnection": true]) {
                    await #expect(throws: MongoError.self) {
                        try await items.bulkWrite([.insert(["_id": 2])], ordered: false)
                    }
                }
                #expect(lostBulk?.code == .outcomeUnknown)
                let lostUpdate = try await failing(client, "findAndModify", times: 2, ["closeConnection": true]) {
                    await #expect(throws: MongoError.self) {
                        try await items.findAndUpdate(["_id": 1], ["$inc": ["n": 1]])
                    }
                }
                #expect(lostUpdate?.code == .outcomeUnknown)
                let repaired = try await failing(client, "findAndModify", ["closeConnection": true]) {
                    try await items.findAndUpdate(["_id": 1], ["$inc": ["n": 1]])
                }
                #expect(repaired?.int("n") == 1)

                // A read that breaks twice has simply failed.
                let read = try await failing(client, "find", times: 2, ["closeConnection": true]) {
                    await #expect(throws: MongoError.self) { try await items.findOne([:]) }
                }
                #expect(read?.code == .connection)

                // A majority that does not confirm leaves the write unknown, although the document is there.
                let unconfirmed: BSONDocument = ["writeConcernError": ["code": 64, "errmsg": "waiting timed out"]]
                let weak = try await failing(client, "insert", unconfirmed) {
                    await #expect(throws: MongoError.self) { try await items.insert(["_id": 3]) }
                }
                #expect(weak?.code == .outcomeUnknown && weak?.message.contains("waiting timed out") == true)
                let weakUpdate = try await failing(client, "findAndModify", unconfirmed) {
                    await #expect(throws: MongoError.self) {
                        try await items.findAndUpdate(["_id": 1], ["$inc": ["n": 1]])
                    }
                }
                #expect(weakUpdate?.code == .outcomeUnknown)
                // Nobody waited for a majority, so a majority read need not show it yet.
                #expect(
                    try await items.with(readConcern: .local).find([:], limit: 9).compactMap { $0.int("_id") } == [
                        1, 3,
                    ])

                // An error of the server keeps its code and its text.
                let odd = try await failing(client, "find", ["errorCode": 8000]) {
                    await #expect(throws: MongoError.self) { try await items.findOne([:]) }
                }
                #expect(odd?.code == .server(code: 8000) && odd?.message.contains("failCommand") == true)
            }
        }
    }

    @Test("A commit that is not confirmed is repeated; one that never is, is unknown")
    func commits() async throws {
        try await OwnMongo.with { server in
            // Not dropped: the server keeps the locks of the commit that never arrived for a minute.
            let client = try TestMongo.fresh(server: server.uri).client()
            do {
                let database = client.database()
                let items = database.collection("items")
                try await database.createCollection("items")
                try await failing(client, "commitTransaction", times: 3, ["closeConnection": true]) {
                    try await client.withTransaction { try await items.insert(["_id": 1], session: $0) }
                }
                #expect(try await items.count() == 1)
                let error = try await failing(client, "commitTransaction", times: 100, ["closeConnection": true]) {
                    await #expect(throws: MongoError.self) {
                        try await client.withTransaction { try await items.insert(["_id": 2], session: $0) }
                    }
                }
                #expect(error?.code == .outcomeUnknown && error?.isUnavailable == true)
                let transient = try await failing(
                    client, "insert", ["errorCode": 112, "errorLabels": ["TransientTransactionError"]]
                ) {
                    try await client.withTransaction { session in
                        try await items.insert(["_id": 3], session: session)
                        return "second attempt"
                    }
                }
                #expect(transient == "second attempt")
                #expect(try await items.findOne(["_id": 3]) != nil)
            }
            await client.shutdown()
        }
    }

    @Test(
        "A killed server is a bounded error; started again, the same client recovers and nothing acknowledged is lost")
    func kill() async throws {
        try await OwnMongo.with { server in
            let configuration = try MongoConfiguration(
                uri: server.uri, operationTimeout: .seconds(4), serverSelectionTimeout: .seconds(1))
            let client = MongoClient(configuration: configuration, logger: .init(label: "test"))
            let items = client.database().collection("items")
            try await items.insert(["_id": 0])

            let writers = Task {
                await withTaskGroup(of: [Int64].self) { group in
                    for writer in Int64(0)..<4 {
                        group.addTask {
                            var acknowledged: [Int64] = []
                            for number in Int64(1)... {
                                let id = writer * 1_000_000 + number
                                do {
                                    try await items.insert(["_id": .int64(id)])
                                    acknowledged.append(id)
                                } catch let error as MongoError where error.isUnavailable {
                                    break
                                } catch {
                                    Issue.record("\(error)")
                                    break
                                }
                            }
                            return acknowledged
                        }
                    }
                    return await group.reduce(into: []) { $0 += $1 }
                }
            }
            try await eventually("some writes are acknowledged") { try await items.count() > 50 }
            await server.kill()
            let acknowledged = await writers.value

            for _ in 0..<3 {
                let start = ContinuousClock.now
                let error = await #expect(throws: MongoError.self) { try await items.findOne([:]) }
                #expect(error?.isUnavailable == true)
                #expect(ContinuousClock.now - start < .seconds(6))
            }
            try await server.start()
            try await eventually("the client finds the server again") { (try? await items.count()) != nil }
            let stored = Set(try await items.find([:], limit: 1_000_000).compactMap { $0.int64("_id") })
            #expect(stored.isSuperset(of: acknowledged))
            #expect(acknowledged.count >= 50)
            await client.shutdown()
        }
    }

    @Test("A server that goes silent does not hold callers or threads beyond their time")
    func freeze() async throws {
        try await OwnMongo.with { server in
            let configuration = try MongoConfiguration(
                uri: server.uri, operationTimeout: .seconds(1), serverSelectionTimeout: .seconds(1))
            let client = MongoClient(configuration: configuration, logger: .init(label: "test"))
            let items = client.database().collection("items")
            try await items.with(timeout: .seconds(1)).insert(["_id": 0])
            server.freeze()
            let start = ContinuousClock.now
            await withTaskGroup { group in
                for number in Int64(1)...20 {
                    group.addTask {
                        let error = await #expect(throws: MongoError.self) {
                            try await items.insert(["_id": .int64(number)])
                        }
                        #expect(error?.isUnavailable == true)
                    }
                }
            }
            #expect(ContinuousClock.now - start < .seconds(3))
            server.thaw()
            try await eventually("the client works again") { (try? await items.count()) != nil }
            await client.shutdown()
        }
    }
}
