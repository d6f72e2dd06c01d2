public import Postgres

/// Reads the catalog and says where tenants are not kept apart. `switchboard check` prints it.
///
/// Run it as the runtime role: what it checks about roles is about who asks.
public struct SchemaAudit: Sendable {
    /// One thing that is wrong.
    public struct Finding: Sendable, Hashable, CustomStringConvertible {
        /// The rules.
        public enum Rule: String, Sendable, Hashable, CaseIterable {
            /// A table with `company_id` without `ENABLE ROW LEVEL SECURITY`.
            case rowSecurity
            /// … without `FORCE ROW LEVEL SECURITY`.
            case forced
            /// … without a policy.
            case policy
            /// … without an index that begins with `company_id`.
            case index
            /// A reference between two such tables that does not include `company_id`.
            case reference
            /// The runtime role, or one it is a member of, owns a table.
            case owner
            /// The runtime role, or one it is a member of, is a superuser or bypasses row security.
            case bypass
        }

        /// Which rule is broken.
        public let rule: Rule
        /// The table or role.
        public let object: String

        /// A sentence for the operator.
        public var description: String {
            switch rule {
            case .rowSecurity: "table \(object) has company_id and no row-level security"
            case .forced: "table \(object) does not force row-level security on its owner"
            case .policy: "table \(object) has row-level security and no policy"
            case .index: "table \(object) has no index that begins with company_id"
            case .reference: "foreign key \(object) does not include company_id: it can point at another company"
            case .owner: "the runtime role owns \(object), and could switch its row-level security off"
            case .bypass: "the role \(object) of the server can bypass row-level security"
            }
        }
    }

    private let client: PostgresClient

    /// An audit of the database that `client` is connected to, as the role it is connected as.
    public init(_ client: PostgresClient) { self.client = client }

    /// Everything that is wrong; empty when all is well.
    public func run() async throws -> [Finding] {
        try await client.query(Self.statement).map { row in
            let name = try row.get("rule", as: String.self)
            guard let rule = Finding.Rule(rawValue: name) else {
                throw PostgresError(.decoding, message: "unknown rule \"\(name)\"")
            }
            return Finding(rule: rule, object: try row.get("object"))
        }
    }

    private static let statement: SQL = """
        WITH tenant AS (
            SELECT pg_class.oid, relname::text AS name, relrowsecurity, relforcerowsecurity, attnum
            FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
            JOIN pg_attribute ON attrelid = pg_class.oid AND attname = 'company_id' AND NOT attisdropped
            WHERE relkind IN ('r', 'p') AND nspname NOT IN ('pg_catalog', 'information_schema')
        ), role AS (
            SELECT oid, rolname::text AS name, rolsuper OR rolbypassrls AS bypasses FROM pg_roles
            WHERE pg_has_role(current_user, oid, 'member')
        )
        SELECT 'rowSecurity' AS rule, name AS object FROM tenant WHERE NOT relrowsecurity
        UNION ALL SELECT 'forced', name FROM tenant WHERE NOT relforcerowsecurity
        UNION ALL SELECT 'policy', name FROM tenant
            WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = tenant.oid)
        UNION ALL SELECT 'index', name FROM tenant
            WHERE NOT EXISTS (SELECT FROM pg_index
                WHERE indrelid = tenant.oid AND indkey[0] = attnum AND indpred IS NULL AND indisvalid)
        UNION ALL SELECT 'reference', conname::text || ' of ' || here.name
            FROM pg_constraint JOIN tenant AS here ON here.oid = conrelid JOIN tenant AS there ON there.oid = confrelid
            WHERE contype = 'f' AND NOT here.attnum = ANY(conkey)
        UNION ALL SELECT 'owner', relname::text FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
            WHERE relkind IN ('r', 'p') AND nspname NOT IN ('pg_catalog', 'information_schema')
                AND nspname NOT LIKE 'pg\\_toast%' AND relowner IN (SELECT oid FROM role)
        UNION ALL SELECT 'bypass', name FROM role WHERE bypasses
        ORDER BY 1, 2
        """
}
