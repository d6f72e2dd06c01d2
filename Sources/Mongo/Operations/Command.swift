internal import CLibmongoc

/// Raw commands.
enum Command {
    private static let reading: Set<String> = [
        "aggregate", "buildInfo", "collStats", "connectionStatus", "count", "dbStats", "distinct", "explain", "find",
        "getParameter", "hello", "listCollections", "listDatabases", "listIndexes", "ping", "replSetGetStatus",
        "serverStatus",
    ]
    /// Commands that answer errors of their own to `maxTimeMS` or `writeConcern`, or finish at once.
    private static let withoutTimeLimit: Set<String> = ["configureFailPoint", "killCursors"]

    static func name(of command: BSONDocument) -> String { command.first { _ in true }?.key ?? "" }

    static func intent(of command: BSONDocument, inTransaction: Bool) -> Intent {
        inTransaction ? .transactional : reading.contains(name(of: command)) ? .read : .write
    }

    /// - Parameter isRetryable: sent through the path that adds the write concern and the transaction number that makes
    ///   a repeated write harmless.
    static func run(
        _ command: BSONDocument, on database: String, intent: Intent, isRetryable: Bool = false,
        in context: WorkerContext
    ) throws -> BSONDocument {
        var command = command
        if !command.contains("maxTimeMS"), !withoutTimeLimit.contains(name(of: command)) {
            command.append("maxTimeMS", .int64(context.remaining))
        }
        let options = try context.options { writer in
            if isRetryable, !context.isInTransaction { writer.append("writeConcern", Concern.durable(context)) }
        }
        let reply = BSONBuffer()
        var error = bson_error_t()
        let done = try command.lend { command in
            isRetryable
                ? mongoc_client_write_command_with_opts(
                    context.client, database, command, options.pointer, reply.pointer, &error)
                : mongoc_client_command_with_opts(
                    context.client, database, command, nil, options.pointer, reply.pointer, &error)
        }
        let document = reply.document
        guard done else {
            throw ErrorTranslator.translate(LibraryError(error, reply: document), intent: intent)
        }
        if let problem = document.document("writeConcernError") {
            throw MongoError(
                .outcomeUnknown, "The write is not confirmed by a majority: \(problem.string("errmsg") ?? "")")
        }
        return document
    }
}

/// Read and write concerns as options.
enum Concern {
    /// A majority and its journals, waited for as long as somebody waits for the answer.
    static func durable(_ context: WorkerContext) -> BSONDocument {
        ["w": "majority", "j": true, "wtimeout": .int64(context.remaining)]
    }
}

/// What an acknowledged write has survived.
public enum MongoDurability: Sendable, Hashable {
    /// A majority of the members has it in its journal: no crash and no election loses it.
    case journaledMajority
    /// The primary has it in memory: a crash or an election may lose it, and majority reads do not show it at once.
    case acknowledged
}

/// What a read may see.
public enum MongoReadConcern: String, Sendable, Hashable {
    /// Only what a majority has, which is never rolled back.
    case majority
    /// Whatever the primary has.
    case local
    /// As majority, and the primary proves that it still is one: slow, for single documents.
    case linearizable
}
