import Mongo

/// Which shape of the collections a database has, so that an older program does not turn it back.
struct SchemaVersion {
    /// The shape this program makes; counted up whenever a validator or an index changes.
    static let program: Int64 = 4

    let collection: MongoCollection
    private static let filter: BSONDocument = ["_id": "conversations"]

    init(_ database: MongoDatabase) { collection = database.collection("schema") }

    /// - Throws: ``ConversationSchemaError/databaseIsNewer(database:program:)``, `MongoError`.
    func refuseNewer() async throws {
        guard let found = try await collection.findOne(Self.filter)?.int("version"), found > Int(Self.program) else {
            return
        }
        throw ConversationSchemaError.databaseIsNewer(database: found, program: Int(Self.program))
    }

    /// Notes that the database has this program's shape.
    func note() async throws {
        try await collection.update(one: Self.filter, ["$max": ["version": .int64(Self.program)]], upsert: true)
    }
}

/// Why the schema of MongoDB was not applied.
public enum ConversationSchemaError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The database has been migrated by a newer program.
    case databaseIsNewer(database: Int, program: Int)
    /// A unique index must change. It may not be missing while a server writes, so this program does not do it alone.
    case uniqueIndexChanged(index: String, collection: String)

    /// What is wrong and what to do.
    public var description: String {
        switch self {
        case .databaseIsNewer(let database, let program):
            "MongoDB has schema \(database), this program knows \(program): use a newer switchboard"
        case .uniqueIndexChanged(let index, let collection):
            "the unique index \(index) of \(collection) has another shape: end all servers, drop it, and migrate again"
        }
    }
}
