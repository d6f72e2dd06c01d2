public import Foundation
public import Logging
public import Redis

/// The editions themselves; see ``EditionCache``.
public struct Editions: Sendable {
    /// How long an edition that nobody ends is given out.
    static let lifetimeInSeconds = 600
    /// Keys in one command.
    private static let batchSize = 500

    private let client: RedisClient
    private let logger: Logger

    /// The editions in one Redis.
    public init(client: RedisClient, logger: Logger) {
        self.client = client
        self.logger = logger
    }

    /// Ends the editions of conversations whose messages have changed. Call it after the commit and before anybody is
    /// told. Returns when Redis has done it, or was found to be away.
    ///
    /// Takes bare ids: a batch holds messages of many companies.
    public func end(_ conversations: [(companyId: UUID, conversationId: UUID)]) async {
        // A command names keys of one company only: in a cluster they lie together.
        let companies = Dictionary(grouping: conversations, by: \.companyId)
        var commands: [[RedisArgument]] = []
        for (companyId, members) in companies {
            for start in stride(from: 0, to: members.count, by: Self.batchSize) {
                commands.append(
                    ["DEL"]
                        + members[start..<min(start + Self.batchSize, members.count)].map {
                            .text(CacheKeys.edition(companyId, $0.conversationId))
                        })
            }
        }
        do {
            _ = try await client.send(batch: commands)
        } catch {
            logger.debug("editions were not ended", metadata: ["reason": "\(error)"])
        }
    }
}
