import Foundation
import JSON
import Postgres
import TestSupport
import Testing

@testable import Tenancy

/// Postgres itself, asked as the role the server runs with, past all stores.
@Suite struct RowSecurityTests {
    static let tables = [
        "companies", "users", "memberships", "sessions", "session_tokens", "oauth_accounts", "subscriptions",
        "api_keys",
        "products", "customers", "sales", "agents", "agent_state", "agent_logs", "memories", "webhooks", "deletions",
        "memory_sources", "bookings", "agent_feedback", "calendar_events", "emails", "oauth_states",
        "mcp_servers", "mcp_tools",
        "agent_versions", "built_in_agents", "faqs", "llm_profiles", "usage_daily", "leads",
        "channels", "contact_identities", "channel_contacts", "channel_conversations",
        "channel_events", "channel_outbox", "channel_mails",
        "webhook_deliveries",
    ]

    private func count(
        _ table: String, _ client: PostgresClient, _ settings: PostgresSettings = [:]
    ) async throws -> Int {
        try await client.query("SELECT count(*) AS count FROM \(raw: table)", settings: settings).one().get("count")
    }

    private func fill(_ world: World) async throws -> World.Tenant {
        let tenant = try await world.register("Ana")
        _ = try await StoreIsolationTests.Things(world, tenant)
        let gone = try await world.customers.create(tenant.scope)
        _ = try await world.customers.delete(tenant.scope, gone.id)
        return tenant
    }

    @Test func withoutSettingsThereIsNothing() async throws {
        try await World.with { world in
            let tenant = try await fill(world)
            for table in Self.tables {
                #expect(try await count(table, world.client) == 0, "\(table)")
                // After a transaction the settings read as '' in the same session.
                #expect(
                    try await count(table, world.client, ["app.company_id": "", "app.user_id": ""]) == 0, "\(table)")
                #expect(try await count(table, world.client, ["app.lookup": ""]) == 0, "\(table)")
            }
            let filled = try await Self.tables.asyncFilter {
                try await count($0, world.client, .company(tenant.scope.companyId)) > 0
            }
            #expect(filled.count >= 10, "the test proves nothing about empty tables: \(filled)")
        }
    }

    @Test func aPersonAloneOpensNoCompanysRows() async throws {
        try await World.with { world in
            let tenant = try await fill(world)
            for table in [
                "products", "customers", "sales", "api_keys", "agent_state", "agent_logs", "memories",
                "subscriptions", "deletions", "mcp_servers", "mcp_tools", "webhooks", "webhook_deliveries",
            ] {
                #expect(try await count(table, world.client, .person(tenant.user.id)) == 0, "\(table)")
            }
            #expect(try await count("companies", world.client, .person(tenant.user.id)) == 1)
        }
    }

    @Test func foreignRowsAreNotWritten() async throws {
        try await World.with { world in
            let ana = try await fill(world)
            let eve = try await world.register("Eve")
            let statements: [SQL] = [
                """
                INSERT INTO products (company_id, id, name, price_cents, currency)
                VALUES (\(ana.scope.companyId), \(UUID.v7()), 'x', 1, 'EUR')
                """,
                "INSERT INTO customers (company_id, id) VALUES (\(ana.scope.companyId), \(UUID.v7()))",
                """
                INSERT INTO memberships (company_id, user_id, role)
                VALUES (\(ana.scope.companyId), \(eve.user.id), 'owner')
                """,
                """
                INSERT INTO deletions (company_id, id, kind, target_id)
                VALUES (\(ana.scope.companyId), \(UUID.v7()), 'company', \(ana.scope.companyId))
                """,
            ]
            for settings in [PostgresSettings.company(eve.scope.companyId), .person(eve.user.id), [:]] {
                for statement in statements {
                    let error = await #expect(throws: PostgresError.self) {
                        try await world.client.query(statement, settings: settings)
                    }
                    #expect(error?.sqlState == "42501")
                }
            }
            // Rows of one's own cannot be handed over either.
            _ = try await world.products.create(eve.scope, ProductDraft(name: "Mine", priceCents: 1))
            await #expect(throws: PostgresError.self) {
                try await world.client.query(
                    "UPDATE products SET company_id = \(ana.scope.companyId)",
                    settings: .company(eve.scope.companyId))
            }
        }
    }

    @Test func blindChangesReachOwnRowsOnly() async throws {
        try await World.with { world in
            let ana = try await fill(world)
            let eve = try await world.register("Eve")
            for table in Self.tables where table != "users" {
                let rows = try await world.client.query(
                    "DELETE FROM \(raw: table)", settings: .company(.v7()))
                #expect(rows.affected == 0, "\(table)")
            }
            let renamed = try await world.client.query(
                "UPDATE companies SET name = 'Eve was here'",
                settings: .person(eve.user.id, company: eve.scope.companyId))
            #expect(renamed.affected == 1)
            #expect(try await world.companies.get(ana.scope).name == "Ana Ltd")
            // A member of a company sees its people, and changes only themselves.
            let touched = try await world.client.query(
                "UPDATE users SET name = 'x'", settings: .person(eve.user.id, company: ana.scope.companyId))
            #expect(touched.affected == 1)
        }
    }

    /// Row-level security does not look at references: the composite keys do.
    @Test func referencesStayInTheCompany() async throws {
        try await World.with { world in
            let ana = try await world.register("Ana")
            let eve = try await world.register("Eve")
            let product = try await world.products.create(ana.scope, ProductDraft(name: "Mug", priceCents: 1))
            let customer = try await world.customers.create(ana.scope)
            let own = try await world.customers.create(eve.scope)
            let company = eve.scope.companyId
            let statements: [SQL] = [
                """
                INSERT INTO sales (company_id, id, customer_id, quantity, amount_cents, currency)
                VALUES (\(company), \(UUID.v7()), \(customer.id), 1, 1, 'EUR')
                """,
                """
                INSERT INTO sales (company_id, id, customer_id, product_id, quantity, amount_cents, currency)
                VALUES (\(company), \(UUID.v7()), \(own.id), \(product.id), 1, 1, 'EUR')
                """,
                """
                INSERT INTO memories (company_id, id, subject_kind, subject_id, text)
                VALUES (\(company), \(UUID.v7()), 'user', \(ana.user.id), 'x')
                """,
                """
                INSERT INTO memories (company_id, id, subject_kind, subject_id, text)
                VALUES (\(company), \(UUID.v7()), 'customer', \(customer.id), 'x')
                """,
                """
                INSERT INTO agent_state (company_id, agent_name, subject_kind, subject_id, state)
                VALUES (\(company), 'mem', 'customer', \(customer.id), '{}')
                """,
            ]
            for (index, statement) in statements.enumerated() {
                let error = await #expect(throws: PostgresError.self, "statement \(index)") {
                    try await world.client.query(statement, settings: .company(company))
                }
                #expect(error?.code == .foreignKeyViolation, "statement \(index)")
            }
        }
    }

    @Test func aPresentedSecretOpensOneRow() async throws {
        try await World.with { world in
            let ana = try await fill(world)
            _ = try await fill(world)
            let key = try await world.keys.create(ana.scope, APIKeyDraft(name: "a", scopes: [.salesRead]))
            let hash = sha256(key.secret).hex
            #expect(try await count("api_keys", world.client, .lookup(.key, hash)) == 1)
            #expect(try await count("companies", world.client, .lookup(.key, hash)) == 1)
            #expect(try await count("products", world.client, .lookup(.key, hash)) == 0)
            let widget = ana.signedIn.company?.widgetKey ?? ""
            #expect(try await count("companies", world.client, .lookup(.widget, widget)) == 1)
            let email = ana.user.email ?? ""
            #expect(try await count("users", world.client, .lookup(.email, email)) == 1)
            let refresh = sha256(ana.signedIn.refreshToken).hex
            #expect(try await count("session_tokens", world.client, .lookup(.refresh, refresh)) == 1)
            #expect(try await count("sessions", world.client, .lookup(.refresh, refresh)) == 0)
            // One kind of secret is not taken for another.
            for table in Self.tables {
                let kinds: [PostgresSettings] = [
                    .lookup(.widget, hash), .lookup(.key, refresh), .lookup(.refresh, hash), .lookup(.email, widget),
                    ["app.lookup": hash], ["app.lookup": widget], .lookup(.key, "%"), .lookup(.email, "%"),
                ]
                for settings in kinds where !settings.pairs.contains(where: { $0.value == "key:%" }) {
                    #expect(try await count(table, world.client, settings) == 0, "\(table) \(settings)")
                }
            }
        }
    }

    @Test func theRuntimeRoleMayNotChangeTheSchema() async throws {
        try await World.with { world in
            let statements: [SQL] = [
                "ALTER TABLE products DISABLE ROW LEVEL SECURITY", "DROP POLICY products_of_company ON products",
                "TRUNCATE products", "CREATE TABLE mine (id int)", "DELETE FROM schema_version",
                "UPDATE schema_version SET version = 0", "CREATE FUNCTION f() RETURNS int LANGUAGE sql RETURN 1",
            ]
            for statement in statements {
                let error = await #expect(throws: PostgresError.self, "\(statement.text)") {
                    try await world.client.query(statement)
                }
                #expect(error?.sqlState == "42501", "\(statement.text)")
            }
        }
    }
}

extension Sequence {
    func asyncFilter(_ isIncluded: (Element) async throws -> Bool) async rethrows -> [Element] {
        var result: [Element] = []
        for element in self where try await isIncluded(element) { result.append(element) }
        return result
    }
}
