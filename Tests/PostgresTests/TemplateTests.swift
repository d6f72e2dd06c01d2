import Postgres
import TestSupport
import Testing

/// The databases that other suites are given.
@Suite struct TemplateTests {
    @Test func migratedDatabasesAreWholeAndApart() async throws {
        try await TestPostgres.with(migrated: true) { first in
            try await TestPostgres.with(migrated: true) { second in
                try await first.withClient(owner: true) { client in
                    #expect(try await client.query("SELECT 1 FROM schema_version").count > 0)
                    _ = try await client.query("CREATE TABLE only_here (n int)")
                }
                try await second.withClient(owner: true) { client in
                    let row = try await client.query("SELECT to_regclass('only_here') IS NULL AS absent").first
                    #expect(try row?.get("absent") == true)
                }
            }
        }
    }

    @Test func theRuntimeRoleMayNotReadPastItsCompany() async throws {
        try await TestPostgres.with(migrated: true) { database in
            try await database.withClient { client in
                let row = try await client.query(
                    """
                    SELECT pg_has_role(current_user, 'switchboard_runtime', 'MEMBER') AS member,
                        (SELECT rolbypassrls OR rolsuper FROM pg_roles WHERE rolname = current_user) AS bypasses
                    """
                ).first
                #expect(try row?.get("member") == true)
                #expect(try row?.get("bypasses") == false)
                #expect(try await client.query("SELECT * FROM products").isEmpty)
            }
        }
    }
}
