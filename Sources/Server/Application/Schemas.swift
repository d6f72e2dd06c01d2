import Conversations
public import Logging
import Mongo
import Postgres

/// The schemas of the stores.
public enum Schemas {
    /// Brings both schemas up to date.
    ///
    /// - Returns: the SQL files that were applied.
    /// - Throws: when a store cannot be reached, or the database is newer than this program.
    public static func migrate(_ settings: StoreSettings, logger: Logger) async throws -> [String] {
        let owner = PostgresClient(
            configuration: PostgresConfiguration(url: settings.directURL, poolSize: 2), logger: logger)
        let mongo = try MongoClient(
            configuration: MongoConfiguration(uri: settings.mongoURI, operationTimeout: .seconds(60)), logger: logger)
        do {
            let applied = try await Migrator(client: owner, folder: try Migration.load(folder: settings.migrations))
                .migrate()
            try await ConversationSchema.apply(mongo.database())
            await owner.shutdown()
            await mongo.shutdown()
            return applied.map(\.fileName)
        } catch {
            await owner.shutdown()
            await mongo.shutdown()
            throw error
        }
    }
}
