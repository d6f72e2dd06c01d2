public import Foundation
import Postgres

extension ChannelStore {
    /// The channel that a webhook's path names, before the company is known. Whoever asks has to prove by the channel's
    /// secrets that the provider speaks.
    /// - Returns: nil when there is none of this kind, or when it is switched off. Whether its company is active is seen
    ///   when what it tells is kept.
    public func presented(_ id: UUID, _ kind: Channel.Kind) async throws -> OpenedChannel? {
        let rows = try await client.query(
            """
            SELECT \(fragment: Channel.columns), secrets FROM channels
            WHERE id = \(id) AND kind = \(kind.rawValue) AND enabled
            """, settings: .lookup(.channel, id.lowercased))
        guard let row = rows.first else { return nil }
        let channel = try Channel(row)
        return OpenedChannel(channel: channel, secrets: try open(row, channel))
    }

    /// A channel with its secrets. Only the company's own work may.
    /// - Returns: nil when it is gone.
    public func opened(_ scope: TenantScope, _ id: UUID) async throws -> OpenedChannel? {
        guard scope.caller == .worker else { throw Forbidden("secrets are for the company's own work") }
        let rows = try await client.query(
            """
            SELECT \(fragment: Channel.columns), secrets FROM channels
            WHERE company_id = \(scope.companyId) AND id = \(id)
            """, settings: scope.settings)
        guard let row = rows.first else { return nil }
        let channel = try Channel(row)
        return OpenedChannel(channel: channel, secrets: try open(row, channel))
    }

    /// Notes what the provider said to a channel's work, at most 500 characters; nil when all is well again.
    /// - Parameter pauses: whether nothing more is sent until somebody puts it right.
    public func note(_ scope: TenantScope, _ id: UUID, error: String?, pauses: Bool = false) async throws {
        guard scope.caller == .worker else { throw Forbidden("this is for the company's own work") }
        let error = error.map { String($0.unicodeScalars.filter { $0.value != 0 }.prefix(500).map(Character.init)) }
        _ = try await client.query(
            """
            UPDATE channels SET last_error = \(error),
                status = CASE WHEN \(pauses) THEN 'paused' ELSE status END
            WHERE company_id = \(scope.companyId) AND id = \(id)
                AND (last_error IS DISTINCT FROM \(error) OR \(pauses))
            """, settings: scope.settings)
    }
}
