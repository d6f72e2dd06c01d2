import Crypto
public import Egress
public import Foundation
public import Postgres

/// The webhooks of companies, for those who may have all that happens sent somewhere.
///
/// Methods throw ``Forbidden``, ``NotFound`` for an absent or foreign id, ``InvalidFields``, ``VersionMismatch``,
/// ``SecretBox/Failure`` and `PostgresError`.
public struct WebhookStore: Sendable {
    let client: PostgresClient
    let secrets: SecretBox
    private let rules: EgressRules

    /// A store on `client` that seals secrets with `secrets` and takes addresses that `rules` allow.
    public init(_ client: PostgresClient, secrets: SecretBox, rules: EgressRules) {
        self.client = client
        self.secrets = secrets
        self.rules = rules
    }

    /// What a secret is sealed for: the company and the row.
    static func owner(_ companyId: UUID, _ id: UUID) -> String {
        "webhook:\(companyId.lowercased):\(id.lowercased)"
    }

    /// Adds a webhook with a secret of 32 random bytes, which is shown this once.
    ///
    /// What it is told holds everything that is said: who makes it must be allowed to follow the company's events.
    /// - Parameter id: for a request that may be run again after a crash; the row of the first run is returned then.
    /// - Throws: also ``QuotaExceeded`` beyond ``Webhook/limit``.
    public func create(_ scope: TenantScope, _ draft: WebhookDraft, id: UUID? = nil) async throws -> NewWebhook {
        try scope.require(.webhooksWrite)
        try scope.require(.eventsRead)
        try draft.checks(rules).check()
        let row = id ?? UUID.v7()
        let owner = Self.owner(scope.companyId, row)
        let secret = Self.fresh()
        let sealed = try secrets.seal(Array(secret.utf8), for: owner)
        return try await once(
            id, primaryKey: "webhooks_pkey",
            existing: { id in
                guard let webhook = try await find(scope, id) else { return nil }
                return NewWebhook(webhook: webhook, secret: try await self.secret(of: webhook))
            }
        ) {
            try await client.transaction(settings: scope.settings) { transaction in
                try await transaction.requireRoom(for: "webhooks", limit: Webhook.limit, table: "webhooks", scope)
                let rows = try await transaction.query(
                    """
                    INSERT INTO webhooks (company_id, id, url, events, secret, description, active)
                    VALUES (\(scope.companyId), \(row), \(draft.url), \(draft.events), \(sealed), \(draft.description),
                        \(draft.active))
                    RETURNING \(fragment: Webhook.columns)
                    """)
                return NewWebhook(webhook: try Webhook(try rows.one()), secret: secret)
            }
        }
    }

    private static func fresh() -> String {
        "whsec_" + SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }.base64EncodedString()
    }

    /// What its messages are signed with, for whoever delivers them.
    public func secret(of webhook: Webhook) async throws -> String {
        let rows = try await client.query(
            "SELECT secret FROM webhooks WHERE company_id = \(webhook.companyId) AND id = \(webhook.id)",
            settings: .company(webhook.companyId))
        guard let sealed = try rows.first?.get("secret", as: String.self) else { throw NotFound("webhook") }
        let bytes = try secrets.open(sealed, for: Self.owner(webhook.companyId, webhook.id))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A page of the company's webhooks, newest first.
    public func list(_ scope: TenantScope, page: PageRequest = PageRequest()) async throws -> Page<Webhook> {
        try scope.require(.webhooksRead)
        let filter: SQL = "company_id = \(scope.companyId)"
        return try await client.newestFirst(
            Webhook.columns, of: "webhooks", where: filter, page, scope, id: \.id, Webhook.init)
    }

    /// The webhook, or `nil`.
    public func find(_ scope: TenantScope, _ id: UUID) async throws -> Webhook? {
        try scope.require(.webhooksRead)
        return try await client.query(
            "SELECT \(fragment: Webhook.columns) FROM webhooks WHERE company_id = \(scope.companyId) AND id = \(id)",
            settings: scope.settings
        ).first.map(Webhook.init)
    }

    /// The webhook.
    public func get(_ scope: TenantScope, _ id: UUID) async throws -> Webhook {
        guard let webhook = try await find(scope, id) else { throw NotFound("webhook") }
        return webhook
    }

    /// Changes the fields that are given. Switching it on, and another address, begin anew: what went wrong before is
    /// forgotten, and what waits is sent at once.
    public func update(
        _ scope: TenantScope, _ id: UUID, _ patch: WebhookPatch, ifVersion: Int? = nil
    ) async throws -> Webhook {
        try scope.require(.webhooksWrite)
        try scope.require(.eventsRead)
        return try await client.transaction(settings: scope.settings) { transaction in
            let here: SQL = "company_id = \(scope.companyId) AND id = \(id)"
            let found = try await transaction.query(
                "SELECT \(fragment: Webhook.columns) FROM webhooks WHERE \(fragment: here) FOR UPDATE")
            guard let old = try found.first.map(Webhook.init) else { throw NotFound("webhook") }
            try require(ifVersion, toBe: old.version)
            let draft = patch.applied(to: WebhookDraft(old))
            try draft.checks(rules).check()
            let begins = draft.active && (!old.active || draft.url != old.url)
            let rows = try await transaction.query(
                """
                UPDATE webhooks SET url = \(draft.url), events = \(draft.events), description = \(draft.description),
                    active = \(draft.active), version = version + 1, updated_at = now(),
                    disabled_reason = CASE WHEN \(begins) THEN NULL ELSE disabled_reason END,
                    failing_since = CASE WHEN \(begins) THEN NULL ELSE failing_since END,
                    failures = CASE WHEN \(begins) THEN 0 ELSE failures END,
                    paused_until = CASE WHEN \(begins) THEN NULL ELSE paused_until END
                WHERE \(fragment: here) RETURNING \(fragment: Webhook.columns)
                """)
            if begins {
                _ = try await transaction.query(
                    """
                    UPDATE webhook_deliveries SET due_at = now()
                    WHERE company_id = \(scope.companyId) AND webhook_id = \(id) AND state = 'pending'
                    """)
            }
            return try Webhook(try rows.one())
        }
    }

    /// Removes the webhook with its secret and all that it was still to be told.
    public func delete(_ scope: TenantScope, _ id: UUID) async throws {
        try scope.require(.webhooksWrite)
        let rows = try await client.query(
            "DELETE FROM webhooks WHERE company_id = \(scope.companyId) AND id = \(id) RETURNING id",
            settings: scope.settings)
        if rows.isEmpty { throw NotFound("webhook") }
    }

    /// The companies that have a webhook which is on; asked for all of them.
    public func watchedCompanies() async throws -> Set<UUID> {
        let rows = try await client.query(
            "SELECT DISTINCT company_id FROM webhooks WHERE active", settings: .sweeper)
        return Set(try rows.map { try $0.get("company_id", as: UUID.self) })
    }
}
