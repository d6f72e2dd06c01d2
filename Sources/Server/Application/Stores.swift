import Foundation
import Logging
import Mongo
import Postgres
import Redis
import Tenancy

/// The connections to the three stores. Nothing is opened before it is used.
public struct Stores: Sendable {
    /// Postgres as the runtime role.
    public let postgres: PostgresClient
    /// MongoDB.
    public let mongo: MongoClient
    /// Redis.
    public let redis: RedisClient

    /// Stores as `settings` name them.
    ///
    /// - Throws: when an address cannot be understood.
    public init(_ settings: StoreSettings, logger: Logger) throws {
        let configuration = PostgresConfiguration(
            url: settings.databaseURL, poolSize: settings.databasePool, preparedStatements: settings.preparedStatements)
        try configuration.validate()
        postgres = PostgresClient(configuration: configuration, logger: logger)
        mongo = try MongoClient(
            configuration: MongoConfiguration(uri: settings.mongoURI, threads: settings.mongoThreads), logger: logger)
        redis = RedisClient(configuration: try RedisConfiguration(url: settings.redisURL), logger: logger)
    }

    /// Closes everything; for commands that run to an end.
    public func shutdown() async {
        await redis.shutdown()
        await mongo.shutdown()
        await postgres.shutdown()
    }
}
