import Postgres
import TestSupport
import Testing

@testable import Tenancy

@Suite struct SchemaAuditTests {
    @Test func theSchemaIsRight() async throws {
        try await World.with { world in
            #expect(try await SchemaAudit(world.client).run() == [])
            // Were nothing found because nothing was looked at, this would be empty too.
            let tables = try await world.client.query(
                """
                SELECT count(*) AS count FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
                WHERE attname = 'company_id' AND relkind = 'r'
                """)
            #expect(try tables.one().get("count", as: Int.self) >= 12)
        }
    }

    /// A table made wrong on purpose, and what has to be said of it.
    static let mistakes: [(String, Set<SchemaAudit.Finding.Rule>)] = [
        (
            """
            CREATE TABLE wrong (company_id uuid PRIMARY KEY);
            ALTER TABLE wrong FORCE ROW LEVEL SECURITY;
            CREATE POLICY p ON wrong USING (company_id = app_company());
            """, [.rowSecurity]
        ),
        (
            """
            CREATE TABLE wrong (company_id uuid PRIMARY KEY);
            ALTER TABLE wrong ENABLE ROW LEVEL SECURITY;
            CREATE POLICY p ON wrong USING (company_id = app_company());
            """, [.forced]
        ),
        (
            """
            CREATE TABLE wrong (company_id uuid PRIMARY KEY);
            ALTER TABLE wrong ENABLE ROW LEVEL SECURITY;
            ALTER TABLE wrong FORCE ROW LEVEL SECURITY;
            """, [.policy]
        ),
        (
            """
            CREATE TABLE wrong (id uuid, company_id uuid, PRIMARY KEY (id, company_id));
            ALTER TABLE wrong ENABLE ROW LEVEL SECURITY;
            ALTER TABLE wrong FORCE ROW LEVEL SECURITY;
            CREATE POLICY p ON wrong USING (company_id = app_company());
            """, [.index]
        ),
        (
            """
            CREATE TABLE wrong (id uuid, company_id uuid);
            CREATE INDEX partial ON wrong (company_id) WHERE id IS NULL;
            """, [.rowSecurity, .forced, .policy, .index]
        ),
        (
            """
            CREATE UNIQUE INDEX ON customers (id);
            CREATE TABLE wrong (company_id uuid PRIMARY KEY, customer uuid REFERENCES customers (id));
            ALTER TABLE wrong ENABLE ROW LEVEL SECURITY;
            ALTER TABLE wrong FORCE ROW LEVEL SECURITY;
            CREATE POLICY p ON wrong USING (company_id = app_company());
            """, [.reference]
        ),
    ]

    @Test(arguments: mistakes.indices) func mistakesAreFound(index: Int) async throws {
        let (sql, expected) = Self.mistakes[index]
        try await World.with { world in
            try await world.database.withClient(owner: true) { try await $0.script(sql) }
            let findings = try await SchemaAudit(world.client).run()
            #expect(Set(findings.map(\.rule)) == expected)
            #expect(findings.allSatisfy { $0.object.contains("wrong") })
        }
    }

    @Test func aServerThatSignsInAsTheOwnerIsFound() async throws {
        try await World.with { world in
            let findings = try await world.database.withClient(owner: true) { try await SchemaAudit($0).run() }
            #expect(findings.contains(.init(rule: .owner, object: "products")))
            #expect(findings.allSatisfy { $0.rule == .owner })
        }
    }

    @Test func everyFindingIsASentence() {
        let texts = SchemaAudit.Finding.Rule.allCases.map { SchemaAudit.Finding(rule: $0, object: "thing").description }
        #expect(Set(texts).count == SchemaAudit.Finding.Rule.allCases.count)
        #expect(texts.allSatisfy { $0.contains("thing") })
    }
}
