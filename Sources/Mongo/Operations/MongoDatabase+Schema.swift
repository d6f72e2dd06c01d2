extension MongoDatabase {
    /// Makes a collection, or gives an existing one this validator; may be repeated at any time.
    ///
    /// - Parameters:
    ///   - name: the collection.
    ///   - validator: what every document must match, usually `["$jsonSchema": …]`; `nil` for none. Documents that are
    ///     there already are not looked at.
    public func createCollection(_ name: String, validator: BSONDocument? = nil) async throws {
        let rules = validator ?? [:]
        do {
            var create: BSONDocument = ["create": .string(name)]
            if validator != nil { create.append("validator", .document(rules)) }
            _ = try await write(create)
        } catch let error as MongoError where error.code == .server(code: ServerCode.namespaceExists) {
            _ = try await write([
                "collMod": .string(name), "validator": .document(rules), "validationLevel": "strict",
                "validationAction": "error",
            ])
        }
    }

    /// The names of the collections.
    public func listCollections() async throws -> [String] {
        let reply = try await command(["listCollections": 1, "nameOnly": true, "cursor": ["batchSize": 10_000]])
        return (reply.document("cursor")?.array("firstBatch") ?? []).compactMap { $0.documentValue?.string("name") }
    }

    /// A command that changes the schema: confirmed by a majority.
    func write(_ command: BSONDocument, timeout: Duration? = nil) async throws -> BSONDocument {
        let name = name
        return try await client.engine.perform(.write, timeout: timeout) { context in
            try Command.run(command, on: name, intent: .write, isRetryable: true, in: context)
        }
    }
}

extension MongoCollection {
    /// Makes those of the indexes that are missing; may be repeated at any time.
    ///
    /// - Throws: ``MongoError`` `server` with code 85 or 86 when an index of that name, or with those keys, exists with
    ///   other options.
    public func createIndexes(_ indexes: [MongoIndex]) async throws {
        guard !indexes.isEmpty else { return }
        let command = BSONDocument { writer in
            writer.append("createIndexes", name)
            writer.append("indexes", indexes.map { .document($0.document) })
        }
        _ = try await client.database(database).write(command, timeout: timeout)
    }

    /// The indexes as the server describes them; none when there is no such collection.
    public func listIndexes() async throws -> [BSONDocument] {
        do {
            let reply = try await client.database(database)
                .command(["listIndexes": .string(name), "cursor": ["batchSize": 1000]], timeout: timeout)
            return (reply.document("cursor")?.array("firstBatch") ?? []).compactMap(\.documentValue)
        } catch let error as MongoError where error.code == .server(code: ServerCode.namespaceNotFound) {
            return []
        }
    }

    /// Removes an index; nothing happens when there is none of that name.
    public func dropIndex(_ index: String) async throws {
        do {
            _ = try await client.database(database).write(["dropIndexes": .string(name), "index": .string(index)])
        } catch let error as MongoError
            where error.code == .server(code: ServerCode.indexNotFound)
            || error.code == .server(code: ServerCode.namespaceNotFound)
        {
            return
        }
    }

    /// Removes the collection with its documents and indexes; nothing happens when there is none.
    public func drop() async throws {
        do {
            _ = try await client.database(database).write(["drop": .string(name)])
        } catch let error as MongoError where error.code == .server(code: ServerCode.namespaceNotFound) {
            return
        }
    }
}
