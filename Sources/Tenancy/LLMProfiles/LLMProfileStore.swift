public import Foundation
import JSON
public import Postgres

/// The language models that companies brought along. Keys go in and come out for the company's own work only.
///
/// Methods throw ``Forbidden``, ``NotFound`` for an absent or foreign id, ``InvalidFields``, ``StoreConflict`` on
/// `name`, ``VersionMismatch``, `SecretBox.Failure` and `PostgresError`.
public struct LLMProfileStore: Sendable {
    let client: PostgresClient
    let secrets: SecretBox

    /// A store on `client` that seals keys with `secrets`.
    public init(_ client: PostgresClient, secrets: SecretBox) {
        self.client = client
        self.secrets = secrets
    }

    private static let conflicts = [
        "llm_profiles_name_key": StoreConflict(
            field: "name", code: "taken", message: "another profile of the company has this name")
    ]

    /// The company's profiles, the oldest first: agents use the first that is enabled.
    public func list(_ scope: TenantScope) async throws -> [LLMProfile] {
        try scope.require(.agentsRead)
        return try await client.query(
            """
            SELECT \(fragment: LLMProfile.columns) FROM llm_profiles WHERE company_id = \(scope.companyId) ORDER BY id
            """, settings: scope.settings
        ).map(LLMProfile.init)
    }

    /// One profile.
    public func get(_ scope: TenantScope, _ id: UUID) async throws -> LLMProfile {
        guard let profile = try await list(scope).first(where: { $0.id == id }) else { throw NotFound("profile") }
        return profile
    }

    /// Adds a profile.
    /// - Parameter id: for a request that may be run again after a crash; the row of the first run is returned then.
    /// - Throws: also ``QuotaExceeded``.
    public func create(
        _ scope: TenantScope, _ draft: LLMProfileDraft, apiKey: String?, id: UUID? = nil
    ) async throws -> LLMProfile {
        try scope.require(.agentsWrite)
        var checks = draft.checks
        checks.key("apiKey", apiKey)
        try checks.check()
        let new = id ?? UUID.v7()
        let sealed = try apiKey.map { try secrets.seal(Array($0.utf8), for: Self.owner(new, scope)) }
        return try await once(id, primaryKey: "llm_profiles_pkey", existing: { try? await get(scope, $0) }) {
            try await translating(Self.conflicts) {
                try await client.transaction(settings: scope.settings) { transaction in
                    try await transaction.requireRoom(
                        for: "llmProfiles", limit: LLMProfile.limit, table: "llm_profiles", scope)
                    let rows = try await transaction.query(
                        """
                        INSERT INTO llm_profiles (company_id, id, name, base_url, api_key, api_key_hint, model,
                            fallback_model, quirks, price_in_micros, price_out_micros, price_cached_micros,
                            timeout_seconds, enabled)
                        VALUES (\(scope.companyId), \(new), \(draft.name), \(draft.baseURL), \(sealed),
                            \(Self.hint(apiKey)), \(draft.model), \(draft.fallbackModel), \(draft.quirks.postgres),
                            \(draft.priceInMicros), \(draft.priceOutMicros), \(draft.priceCachedMicros),
                            \(draft.timeoutSeconds), \(draft.enabled))
                        RETURNING \(fragment: LLMProfile.columns)
                        """)
                    return try LLMProfile(try rows.one())
                }
            }
        }
    }

    /// Changes the fields that are given (PATCH). A key stays with the server it was given for: with another address
    /// it has to be given again, or forgotten.
    public func update(
        _ scope: TenantScope, _ id: UUID, _ patch: LLMProfilePatch, ifVersion: Int? = nil
    ) async throws -> LLMProfile {
        try scope.require(.agentsWrite)
        return try await translating(Self.conflicts) {
            try await client.transaction(settings: scope.settings) { transaction in
                let rows = try await transaction.query(
                    """
                    SELECT \(fragment: LLMProfile.columns), api_key FROM llm_profiles
                    WHERE company_id = \(scope.companyId) AND id = \(id) FOR UPDATE
                    """)
                guard let row = rows.first else { throw NotFound("profile") }
                let old = try LLMProfile(row)
                try require(ifVersion, toBe: old.version)
                let draft = patch.applied(to: old.content)
                var checks = draft.checks
                var sealed: String? = try row.get("api_key")
                var hint = old.keyHint
                if case .set(let key) = patch.apiKey {
                    checks.key("apiKey", key)
                    sealed = try key.map { try secrets.seal(Array($0.utf8), for: Self.owner(id, scope)) }
                    hint = Self.hint(key)
                } else if old.hasKey, Self.moved(old.content, draft) {
                    checks.add(
                        "apiKey", "required", "must be given again for another server, or null to forget it")
                }
                try checks.check()
                let changed = try await transaction.query(
                    """
                    UPDATE llm_profiles SET name = \(draft.name), base_url = \(draft.baseURL), api_key = \(sealed),
                        api_key_hint = \(hint), model = \(draft.model), fallback_model = \(draft.fallbackModel),
                        quirks = \(draft.quirks.postgres), price_in_micros = \(draft.priceInMicros),
                        price_out_micros = \(draft.priceOutMicros), price_cached_micros = \(draft.priceCachedMicros),
                        timeout_seconds = \(draft.timeoutSeconds), enabled = \(draft.enabled),
                        version = version + 1, updated_at = now()
                    WHERE company_id = \(scope.companyId) AND id = \(id) RETURNING \(fragment: LLMProfile.columns)
                    """)
                return try LLMProfile(try changed.one())
            }
        }
    }

    /// Removes a profile with its key.
    public func delete(_ scope: TenantScope, _ id: UUID, ifVersion: Int? = nil) async throws {
        try scope.require(.agentsWrite)
        try await client.transaction(settings: scope.settings) { transaction in
            let rows = try await transaction.query(
                "SELECT version FROM llm_profiles WHERE company_id = \(scope.companyId) AND id = \(id) FOR UPDATE")
            guard let row = rows.first else { throw NotFound("profile") }
            try require(ifVersion, toBe: try row.get("version"))
            _ = try await transaction.query(
                "DELETE FROM llm_profiles WHERE company_id = \(scope.companyId) AND id = \(id)")
        }
    }

    /// The profile that agents of the company use, with its key: the oldest that is enabled; `nil` when there is none.
    /// Only the company's own work may.
    public func opened(_ scope: TenantScope) async throws -> OpenedLLMProfile? {
        guard scope.caller == .worker else { throw Forbidden("keys are for the company's own work") }
        let rows = try await client.query(
            """
            SELECT \(fragment: LLMProfile.columns), api_key FROM llm_profiles
            WHERE company_id = \(scope.companyId) AND enabled ORDER BY id LIMIT 1
            """, settings: scope.settings)
        guard let row = rows.first else { return nil }
        let profile = try LLMProfile(row)
        let key = try row.get("api_key", as: String?.self).map { sealed in
            String(decoding: try secrets.open(sealed, for: Self.owner(profile.id, scope)), as: UTF8.self)
        }
        return OpenedLLMProfile(profile: profile, apiKey: key)
    }

    /// What ties a sealed key to its row.
    private static func owner(_ id: UUID, _ scope: TenantScope) -> String {
        "\(scope.companyId.lowercased) \(id.lowercased)"
    }

    /// A short key would be given away by its last characters.
    private static func hint(_ key: String?) -> String? { key.flatMap { $0.count >= 12 ? String($0.suffix(4)) : nil } }

    private static func moved(_ old: LLMProfileDraft, _ new: LLMProfileDraft) -> Bool {
        LLMProfileDraft.origin(of: old.baseURL) != LLMProfileDraft.origin(of: new.baseURL)
    }
}

extension FieldChecks {
    /// A key as it stands in a header.
    mutating func key(_ field: String, _ key: String?) {
        guard let key else { return }
        text(field, key, 1...1000)
        if !key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) {
            add(field, "format", "must have visible ASCII characters only")
        }
    }
}

extension LLMProfile {
    static let columns: SQL = """
        id, name, base_url, api_key IS NOT NULL AS has_key, api_key_hint, model, fallback_model, quirks,
        price_in_micros, price_out_micros, price_cached_micros, timeout_seconds, enabled, version, created_at,
        updated_at
        """

    init(_ row: PostgresRow) throws {
        self.init(
            id: try row.get("id"),
            content: LLMProfileDraft(
                name: try row.get("name"), baseURL: try row.get("base_url"), model: try row.get("model"),
                fallbackModel: try row.get("fallback_model"), quirks: try row.object("quirks"),
                priceInMicros: try row.get("price_in_micros"), priceOutMicros: try row.get("price_out_micros"),
                priceCachedMicros: try row.get("price_cached_micros"),
                timeoutSeconds: try row.get("timeout_seconds"), enabled: try row.get("enabled")),
            hasKey: try row.get("has_key"), keyHint: try row.get("api_key_hint"),
            createdAt: try row.get("created_at"), updatedAt: try row.get("updated_at"), version: try row.get("version"))
    }
}
