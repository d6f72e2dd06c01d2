public import Foundation
import JSON
public import Postgres

/// Interests and drafted orders that agents noted. Agents note them in the company's own name; members decide.
///
/// Methods throw ``Forbidden``, ``NotFound``, ``InvalidFields``, ``StoreConflict`` (`decided`), ``VersionMismatch``,
/// and `PostgresError`.
public struct LeadStore: Sendable {
    let client: PostgresClient

    /// A store on `client`.
    public init(_ client: PostgresClient) { self.client = client }

    private static let columns: SQL = """
        id, kind, status, customer_id, conversation_id, agent_name, name, contact, interest, note, items, version,
        created_at, updated_at
        """

    /// Notes something. Noting again under the same id, as a turn that is run twice does, changes nothing.
    public func note(_ scope: TenantScope, _ draft: LeadDraft, id: UUID) async throws -> Lead {
        try scope.require(.salesWrite)
        try draft.checks.check()
        do {
            return try await client.transaction(settings: scope.settings) { transaction in
                _ = try await transaction.query(
                    """
                    INSERT INTO leads (company_id, id, kind, customer_id, conversation_id, agent_name, name, contact,
                        interest, note, items)
                    VALUES (\(scope.companyId), \(id), \(draft.kind.rawValue), \(draft.customerId),
                        \(draft.conversationId), \(draft.agentName), \(draft.name), \(draft.contact),
                        \(draft.interest), \(draft.note), \(PostgresJSON(draft.items.encoded)))
                    ON CONFLICT DO NOTHING
                    """)
                return try await Self.lead(id, scope, transaction)
            }
        } catch let error as PostgresError where error.code == .foreignKeyViolation {
            throw NotFound("customer")
        }
    }

    /// A page of what was noted, newest first, of one kind or status when given.
    public func list(
        _ scope: TenantScope, page: PageRequest = PageRequest(), kind: Lead.Kind? = nil, status: Lead.Status? = nil
    ) async throws -> Page<Lead> {
        try scope.require(.salesRead)
        var filter: SQL = "company_id = \(scope.companyId)"
        if let kind { filter += " AND kind = \(kind.rawValue)" }
        if let status { filter += " AND status = \(status.rawValue)" }
        return try await client.newestFirst(
            Self.columns, of: "leads", where: filter, page, scope, id: \.id, Lead.init)
    }

    /// One of them.
    public func get(_ scope: TenantScope, _ id: UUID) async throws -> Lead {
        try scope.require(.salesRead)
        return try await client.transaction(settings: scope.settings) { try await Self.lead(id, scope, $0) }
    }

    /// Takes one up or puts it aside, once. A confirmed order of a known customer becomes pending sales, together with
    /// the decision.
    public func decide(
        _ scope: TenantScope, _ id: UUID, _ status: Lead.Status, ifVersion: Int? = nil
    ) async throws -> Lead {
        try scope.require(.salesWrite)
        return try await client.transaction(settings: scope.settings) { transaction in
            let old = try await Self.lead(id, scope, transaction, lock: true)
            try require(ifVersion, toBe: old.version)
            if old.status == status { return old }
            guard old.status == .new, status != .new else {
                throw StoreConflict(field: "status", code: "decided", message: "it was decided already")
            }
            if status == .confirmed, let customerId = old.content.customerId {
                for item in old.content.items {
                    try await Self.sell(item, to: customerId, old, scope, transaction)
                }
            }
            _ = try await transaction.query(
                """
                UPDATE leads SET status = \(status.rawValue), version = version + 1, updated_at = now()
                WHERE company_id = \(scope.companyId) AND id = \(id)
                """)
            return try await Self.lead(id, scope, transaction)
        }
    }

    private static func sell(
        _ item: Lead.Item, to customerId: UUID, _ lead: Lead, _ scope: TenantScope, _ transaction: PostgresTransaction
    ) async throws {
        let metadata: JSONObject = [
            "leadId": .string(lead.id.lowercased), "agent": .string(lead.content.agentName),
            "product": .string(item.name),
        ]
        _ = try await transaction.query(
            """
            INSERT INTO sales (company_id, id, customer_id, product_id, quantity, amount_cents, currency, status,
                conversation_id, metadata)
            VALUES (\(scope.companyId), \(UUID.v7()), \(customerId),
                (SELECT id FROM products WHERE company_id = \(scope.companyId) AND id = \(item.productId) FOR SHARE),
                \(item.quantity), \(item.amountCents), \(item.currency), 'pending', \(lead.content.conversationId),
                \(metadata.postgres))
            """)
    }

    private static func lead(
        _ id: UUID, _ scope: TenantScope, _ transaction: PostgresTransaction, lock: Bool = false
    ) async throws -> Lead {
        let locking: SQL = lock ? " FOR UPDATE" : ""
        let rows = try await transaction.query(
            """
            SELECT \(fragment: columns) FROM leads
            WHERE company_id = \(scope.companyId) AND id = \(id)\(fragment: locking)
            """)
        guard let row = rows.first else { throw NotFound("lead") }
        return try Lead(row)
    }
}

extension Lead.Kind: PostgresDecodable {}
extension Lead.Status: PostgresDecodable {}

extension Lead {
    init(_ row: PostgresRow) throws {
        self.init(
            id: try row.get("id"), status: try row.get("status"),
            content: LeadDraft(
                try row.get("kind"), customerId: try row.get("customer_id"),
                conversationId: try row.get("conversation_id"), agentName: try row.get("agent_name"),
                name: try row.get("name"), contact: try row.get("contact"), interest: try row.get("interest"),
                note: try row.get("note"),
                items: try row.json("items").arrayValue?.compactMap { Item($0) } ?? []),
            createdAt: try row.get("created_at"), updatedAt: try row.get("updated_at"), version: try row.get("version"))
    }
}
