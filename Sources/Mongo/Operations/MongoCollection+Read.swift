internal import CLibmongoc

extension MongoCollection {
    /// Finds documents, in batches the server chooses, never more than `limit`.
    ///
    /// - Parameters:
    ///   - filter: the query; the empty document finds all.
    ///   - sort: keys with 1 or -1, in order of weight.
    ///   - limit: the most documents to return, at least 1.
    ///   - skip: how many to pass over first.
    ///   - projection: which fields to return.
    ///   - hint: the name of the index to use.
    ///   - session: the transaction this belongs to.
    /// - Throws: ``MongoError``; `resultTooLarge` when the documents have more bytes than the client accepts.
    public func find(
        _ filter: BSONDocument, sort: BSONDocument? = nil, limit: Int, skip: Int = 0, projection: BSONDocument? = nil,
        hint: String? = nil, session: MongoSession? = nil
    ) async throws -> [BSONDocument] {
        guard limit >= 1, skip >= 0 else {
            throw MongoError(.invalid, "limit is \(limit) and skip \(skip); allowed are 1 or more, and 0 or more")
        }
        let (concern, maximum) = (readConcern, client.configuration.maximumResultBytes)
        return try await perform(.read, session) { context, collection in
            let options = try context.options { writer in
                writer.append("sort", ifPresent: sort)
                writer.append("limit", limit)
                if skip > 0 { writer.append("skip", skip) }
                writer.append("projection", ifPresent: projection)
                writer.append("hint", ifPresent: hint)
                // A page that fits one batch leaves no cursor behind on the server.
                if limit <= 1000 { writer.append("batchSize", limit + 1) }
                context.addReadOptions(concern, to: &writer)
            }
            return try filter.lend { filter in
                try Cursor(mongoc_collection_find_with_opts(collection, filter, options.pointer, nil), context)
                    .drain(limit: limit, maximumBytes: maximum)
            }
        }
    }

    /// Finds the first document in the order of `sort`.
    public func findOne(
        _ filter: BSONDocument, sort: BSONDocument? = nil, projection: BSONDocument? = nil, hint: String? = nil,
        session: MongoSession? = nil
    ) async throws -> BSONDocument? {
        try await find(filter, sort: sort, limit: 1, projection: projection, hint: hint, session: session).first
    }

    /// Runs an aggregation and returns all it yields.
    ///
    /// - Parameters:
    ///   - pipeline: the stages; `$out` and `$merge` are not for this method.
    ///   - limit: the most documents to accept.
    ///   - hint: the name of the index to use.
    ///   - session: the transaction this belongs to.
    /// - Throws: ``MongoError``; `resultTooLarge` when it yields more.
    public func aggregate(
        _ pipeline: [BSONDocument], limit: Int = 10_000, hint: String? = nil, session: MongoSession? = nil
    ) async throws -> [BSONDocument] {
        let (concern, maximum) = (readConcern, client.configuration.maximumResultBytes)
        let stages = BSONDocument { $0.append("pipeline", pipeline.map(BSONValue.document)) }
        return try await perform(.read, session) { context, collection in
            let options = try context.options { writer in
                writer.append("hint", ifPresent: hint)
                context.addReadOptions(concern, to: &writer)
            }
            return try stages.lend { stages in
                let cursor = mongoc_collection_aggregate(collection, MONGOC_QUERY_NONE, stages, options.pointer, nil)
                let found = try Cursor(cursor, context).drain(limit: limit + 1, maximumBytes: maximum)
                guard found.count <= limit else {
                    throw MongoError(.resultTooLarge, "The aggregation yields more than \(limit) documents")
                }
                return found
            }
        }
    }

    /// Counts the documents, at most `limit` of them.
    public func count(
        _ filter: BSONDocument = [:], limit: Int? = nil, session: MongoSession? = nil
    ) async throws -> Int {
        var pipeline: [BSONDocument] = [["$match": .document(filter)]]
        if let limit { pipeline.append(["$limit": .int64(Int64(limit))]) }
        pipeline.append(["$count": "n"])
        return try await aggregate(pipeline, limit: 1, session: session).first?.int("n") ?? 0
    }

    /// How the server would run a find: the reply of `explain` with execution figures.
    public func explain(
        find filter: BSONDocument, sort: BSONDocument? = nil, limit: Int? = nil, hint: String? = nil
    ) async throws -> BSONDocument {
        let find = BSONDocument { writer in
            writer.append("find", name)
            writer.append("filter", filter)
            writer.append("sort", ifPresent: sort)
            writer.append("limit", ifPresent: limit)
            writer.append("hint", ifPresent: hint)
        }
        return try await client.database(database)
            .command(["explain": .document(find), "verbosity": "executionStats"], timeout: timeout)
    }
}

extension WorkerContext {
    /// The server's own time limit, and the concern outside of transactions.
    func addReadOptions(_ concern: MongoReadConcern, to writer: inout BSONWriter) {
        writer.append("maxTimeMS", remaining)
        if !isInTransaction { writer.append("readConcern", ["level": .string(concern.rawValue)]) }
    }
}
