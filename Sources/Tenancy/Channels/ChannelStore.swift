public import Foundation
import JSON
public import Postgres

/// The channels of companies, for those who may change the company. Secrets go in and come out for its own work only.
///
/// Methods throw ``Forbidden``, ``NotFound`` for an absent or foreign id, ``InvalidFields``, ``StoreConflict`` on
/// `address`, ``VersionMismatch``, ``SecretBox/Failure`` and `PostgresError`.
public struct ChannelStore: Sendable {
    let client: PostgresClient
    let secrets: SecretBox

    /// A store on `client` that seals secrets with `secrets`.
    public init(_ client: PostgresClient, secrets: SecretBox) {
        self.client = client
        self.secrets = secrets
    }

    private static let conflicts = [
        "channels_address_key": StoreConflict(
            field: "address", code: "taken", message: "a channel on this server has this address")
    ]

    /// What secrets are sealed for: the company and the row.
    static func owner(_ companyId: UUID, _ id: UUID) -> String {
        "channel:\(companyId.lowercased):\(id.lowercased)"
    }

    /// Adds a channel.
    /// - Parameter id: for a request that may be run again after a crash; the row of the first run is returned then.
    /// - Throws: also ``QuotaExceeded`` beyond ``Channel/limit``.
    public func create(_ scope: TenantScope, _ draft: ChannelDraft, id: UUID? = nil) async throws -> Channel {
        try scope.require(.companyWrite)
        let draft = draft.normal
        var checks = draft.checks
        draft.secrets.check(for: draft.kind, into: &checks)
        try checks.check()
        let new = id ?? UUID.v7()
        let sealed = try secrets.seal(draft.secrets.json.encoded, for: Self.owner(scope.companyId, new))
        return try await once(id, primaryKey: "channels_pkey", existing: { try await find(scope, $0) }) {
            try await translating(Self.conflicts) {
                try await client.transaction(settings: scope.settings) { transaction in
                    try await transaction.requireRoom(for: "channels", limit: Channel.limit, table: "channels", scope)
                    let rows = try await transaction.query(
                        """
                        INSERT INTO channels (company_id, id, kind, name, address, reply_address, agent, template_name,
                            template_language, secrets, enabled)
                        VALUES (\(scope.companyId), \(new), \(draft.kind.rawValue), \(draft.name), \(draft.address),
                            \(draft.replyAddress), \(draft.agent), \(draft.template?.name),
                            \(draft.template?.language), \(sealed), \(draft.enabled))
                        RETURNING \(fragment: Channel.columns)
                        """)
                    return try Channel(try rows.one())
                }
            }
        }
    }

    /// A page of the company's channels, newest first.
    public func list(_ scope: TenantScope, page: PageRequest = PageRequest()) async throws -> Page<Channel> {
        try scope.require(.companyWrite)
        let filter: SQL = "company_id = \(scope.companyId)"
        return try await client.newestFirst(
            Channel.columns, of: "channels", where: filter, page, scope, id: \.id, Channel.init)
    }

    /// The channel, or `nil`.
    public func find(_ scope: TenantScope, _ id: UUID) async throws -> Channel? {
        try scope.require(.companyWrite)
        return try await client.query(
            "SELECT \(fragment: Channel.columns) FROM channels WHERE company_id = \(scope.companyId) AND id = \(id)",
            settings: scope.settings
        ).first.map(Channel.init)
    }

    /// The channel.
    public func get(_ scope: TenantScope, _ id: UUID) async throws -> Channel {
        guard let channel = try await find(scope, id) else { throw NotFound("channel") }
        return channel
    }

    /// Changes the fields that are given. A new secret, and `status: active`, let a paused channel send again.
    public func update(
        _ scope: TenantScope, _ id: UUID, _ patch: ChannelPatch, ifVersion: Int? = nil
    ) async throws -> Channel {
        try scope.require(.companyWrite)
        return try await client.transaction(settings: scope.settings) { transaction in
            let rows = try await transaction.query(
                """
                SELECT \(fragment: Channel.columns), secrets FROM channels
                WHERE company_id = \(scope.companyId) AND id = \(id) FOR UPDATE
                """)
            guard let row = rows.first else { throw NotFound("channel") }
            let old = try Channel(row)
            try require(ifVersion, toBe: old.version)
            let draft = patch.applied(to: ChannelDraft(old)).normal
            let all = try open(row, old).merged(with: patch.secrets)
            var checks = draft.checks
            all.check(for: draft.kind, into: &checks)
            try checks.check()
            let sealed = try secrets.seal(all.json.encoded, for: Self.owner(scope.companyId, id))
            var status = patch.secrets == ChannelSecrets() ? old.status : .active
            patch.status.apply(to: &status)
            let changed = try await transaction.query(
                """
                UPDATE channels SET name = \(draft.name), reply_address = \(draft.replyAddress), agent = \(draft.agent),
                    template_name = \(draft.template?.name), template_language = \(draft.template?.language),
                    secrets = \(sealed), enabled = \(draft.enabled), status = \(status.rawValue),
                    last_error = CASE WHEN \(status == .active && old.status == .paused) THEN NULL ELSE last_error END,
                    version = version + 1, updated_at = now()
                WHERE company_id = \(scope.companyId) AND id = \(id) RETURNING \(fragment: Channel.columns)
                """)
            if status == .active, draft.enabled {
                // What waited for this is not to wait for its next look.
                _ = try await transaction.query(
                    """
                    UPDATE channel_outbox SET due_at = now() WHERE company_id = \(scope.companyId)
                        AND channel_id = \(id) AND state = 'queued' AND due_at > now()
                    """)
            }
            return try Channel(try changed.one())
        }
    }

    /// Removes the channel with its secrets, and what was still to be sent over it. Conversations stay.
    public func delete(_ scope: TenantScope, _ id: UUID) async throws {
        try scope.require(.companyWrite)
        let rows = try await client.query(
            "DELETE FROM channels WHERE company_id = \(scope.companyId) AND id = \(id) RETURNING id",
            settings: scope.settings)
        if rows.isEmpty { throw NotFound("channel") }
    }

    func open(_ row: PostgresRow, _ channel: Channel) throws -> ChannelSecrets {
        let text = try secrets.open(try row.get("secrets"), for: Self.owner(channel.companyId, channel.id))
        return ChannelSecrets(json: (try? JSONValue.parse(text))?.objectValue ?? [:])
    }
}
