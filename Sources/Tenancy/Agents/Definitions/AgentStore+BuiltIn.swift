import Postgres

extension AgentStore {
    /// What the company set of its built-in agents.
    public func settings(_ scope: TenantScope) async throws -> [BuiltInSettings] {
        try await client.query(
            """
            SELECT name, active, instructions, model, temperature, version FROM built_in_agents
            WHERE company_id = \(scope.companyId) ORDER BY name
            """, settings: scope.settings
        ).map(BuiltInSettings.init)
    }

    /// Changes the fields that are given of a built-in agent: whether it answers, and how a model is asked for it.
    public func set(
        _ scope: TenantScope, builtIn name: String, active: FieldChange<Bool> = .keep,
        instructions: FieldChange<String> = .keep, model: FieldChange<String?> = .keep,
        temperature: FieldChange<Double?> = .keep, ifVersion: Int? = nil
    ) async throws -> BuiltInSettings {
        try scope.require(.agentsWrite)
        return try await client.transaction(settings: scope.settings) { transaction in
            try await transaction.lockCompany(scope)
            let rows = try await transaction.query(
                """
                SELECT name, active, instructions, model, temperature, version FROM built_in_agents
                WHERE company_id = \(scope.companyId) AND name = \(name)
                """)
            let old = try rows.first.map(BuiltInSettings.init) ?? BuiltInSettings(name: name)
            try require(ifVersion, toBe: old.version)
            var draft = AgentDraft(
                name: name, instructions: old.instructions, model: old.model, temperature: old.temperature,
                active: old.active)
            active.apply(to: &draft.active)
            instructions.apply(to: &draft.instructions)
            model.apply(to: &draft.model)
            temperature.apply(to: &draft.temperature)
            try draft.checks.check()
            return try BuiltInSettings(
                try await transaction.query(
                    """
                    INSERT INTO built_in_agents (company_id, name, active, instructions, model, temperature)
                    VALUES (\(scope.companyId), \(name), \(draft.active), \(draft.instructions), \(draft.model),
                        \(draft.temperature))
                    ON CONFLICT (company_id, name) DO UPDATE SET active = excluded.active,
                        instructions = excluded.instructions, model = excluded.model,
                        temperature = excluded.temperature, version = built_in_agents.version + 1, updated_at = now()
                    RETURNING name, active, instructions, model, temperature, version
                    """
                ).one())
        }
    }
}

extension BuiltInSettings {
    init(_ row: PostgresRow) throws {
        self.init(
            name: try row.get("name"), active: try row.get("active"), instructions: try row.get("instructions"),
            model: try row.get("model"), temperature: try row.get("temperature"), version: try row.get("version"))
    }
}
