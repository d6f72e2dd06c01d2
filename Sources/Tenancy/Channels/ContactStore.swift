public import Foundation
public import Postgres

/// Who writes over channels, and in which conversations. For the company's own work.
///
/// Methods throw ``Forbidden`` for anybody else, and `PostgresError`.
public struct ContactStore: Sendable {
    let client: PostgresClient

    /// A store on `client`.
    public init(_ client: PostgresClient) { self.client = client }

    /// Somebody else made the same contact at this moment.
    private struct Raced: Error {}

    /// The contact that was seen on a channel, made with its customer when nobody is known by these names. Any number of
    /// callers at once get the same one.
    ///
    /// A business-scoped id tells who it is; a number can pass to somebody else, and goes along with the one who uses it.
    /// - Throws: also ``InvalidFields`` when no name was given.
    public func resolve(
        _ scope: TenantScope, _ channel: Channel, _ sighting: ContactSighting
    ) async throws -> Contact {
        try Self.require(scope)
        guard let recipient = sighting.recipient else { throw InvalidFields("from", "required", "must name somebody") }
        for attempt in 0... {
            do {
                return try await client.transaction(settings: scope.settings) { transaction in
                    let customer = try await Self.customer(transaction, scope, channel.kind, sighting)
                    let rows = try await transaction.query(
                        """
                        INSERT INTO channel_contacts (company_id, id, channel_id, customer_id, recipient_kind, recipient)
                        VALUES (\(scope.companyId), \(UUID.v7()), \(channel.id), \(customer), \(recipient.kind.rawValue),
                            \(recipient.value))
                        ON CONFLICT (company_id, channel_id, customer_id) DO UPDATE
                            SET recipient_kind = excluded.recipient_kind, recipient = excluded.recipient
                        RETURNING \(fragment: Contact.columns)
                        """)
                    return try Contact(try rows.one())
                }
            } catch is Raced where attempt < 5 {
                continue
            } catch is Raced {
                throw Overloaded("many webhooks about one contact")
            }
        }
        throw Overloaded("many webhooks about one contact")
    }

    private static func customer(
        _ transaction: PostgresTransaction, _ scope: TenantScope, _ kind: Channel.Kind, _ sighting: ContactSighting
    ) async throws -> UUID {
        let names = sighting.identities
        let rows = try await transaction.query(
            """
            SELECT kind, value, customer_id FROM contact_identities
            WHERE company_id = \(scope.companyId) AND platform = \(kind.rawValue)
                AND (kind || ':' || value) = ANY(\(names.map { "\($0.kind.rawValue):\($0.value)" }))
                AND value = ANY(\(names.map(\.value)))
                AND (kind <> 'wa_id' OR replaced_at IS NULL OR replaced_at > \(sighting.seenAt))
            """)
        let known = try rows.map { row in
            (kind: try row.get("kind", as: String.self), customer: try row.get("customer_id", as: UUID.self))
        }
        var customer = names.lazy.compactMap { name in known.first { $0.kind == name.kind.rawValue }?.customer }.first
        if let found = customer, let id = sighting.businessId, !known.contains(where: { $0.kind == "bsuid" }) {
            // Whoever has the number now is somebody else when its owner has another id.
            let other = try await transaction.query(
                """
                SELECT 1 AS one FROM contact_identities WHERE company_id = \(scope.companyId)
                    AND customer_id = \(found) AND kind = 'bsuid' AND value <> \(id) AND replaced_by IS NULL LIMIT 1
                """)
            if !other.isEmpty { customer = nil }
        }
        if let customer {
            try await keep(names, of: customer, kind, transaction, scope)
            if let name = sighting.name {
                _ = try await transaction.query(
                    """
                    UPDATE customers SET name = \(name), updated_at = now(), version = version + 1
                    WHERE company_id = \(scope.companyId) AND id = \(customer) AND name IS NULL
                    """)
            }
            return customer
        }
        return try await make(sighting, kind, transaction, scope)
    }

    private static func make(
        _ sighting: ContactSighting, _ kind: Channel.Kind, _ transaction: PostgresTransaction, _ scope: TenantScope
    ) async throws -> UUID {
        let customer = UUID.v7()
        _ = try await transaction.query(
            """
            INSERT INTO customers (company_id, id, name, email, phone)
            VALUES (\(scope.companyId), \(customer), \(sighting.name), \(sighting.email),
                \(sighting.waId.map { "+\($0)" }))
            """)
        let first = sighting.identities[0]
        let made = try await transaction.query(
            """
            INSERT INTO contact_identities (company_id, platform, kind, value, customer_id)
            VALUES (\(scope.companyId), \(kind.rawValue), \(first.kind.rawValue), \(first.value), \(customer))
            ON CONFLICT (company_id, platform, kind, value) DO UPDATE
                SET customer_id = excluded.customer_id, valid_from = now(), replaced_by = NULL, replaced_at = NULL
                WHERE contact_identities.replaced_at IS NOT NULL
            """)
        guard made.affected == 1 else { throw Raced() }
        try await keep(Array(sighting.identities.dropFirst()), of: customer, kind, transaction, scope)
        return customer
    }

    /// Lets names point at the customer who uses them now.
    private static func keep(
        _ names: [ContactIdentity], of customer: UUID, _ kind: Channel.Kind, _ transaction: PostgresTransaction,
        _ scope: TenantScope
    ) async throws {
        for name in names {
            _ = try await transaction.query(
                """
                INSERT INTO contact_identities (company_id, platform, kind, value, customer_id)
                VALUES (\(scope.companyId), \(kind.rawValue), \(name.kind.rawValue), \(name.value), \(customer))
                ON CONFLICT (company_id, platform, kind, value) DO UPDATE
                    SET customer_id = excluded.customer_id, valid_from = now(), replaced_by = NULL, replaced_at = NULL
                    WHERE contact_identities.customer_id <> excluded.customer_id
                """)
        }
    }

    /// Lets the next name of somebody stand for the same customer. Doing it again changes nothing.
    public func replace(
        _ scope: TenantScope, _ channel: Channel, _ old: ContactIdentity, by new: String, at date: Date
    ) async throws {
        try Self.require(scope)
        guard old.value != new else { return }
        try await client.transaction(settings: scope.settings) { transaction in
            let rows = try await transaction.query(
                """
                UPDATE contact_identities SET replaced_by = \(new), replaced_at = \(date)
                WHERE company_id = \(scope.companyId) AND platform = \(channel.kind.rawValue)
                    AND kind = \(old.kind.rawValue) AND value = \(old.value) RETURNING customer_id
                """)
            guard let customer = try rows.first?.get("customer_id", as: UUID.self) else { return }
            try await Self.keep(
                [ContactIdentity(kind: old.kind, value: new)], of: customer, channel.kind, transaction, scope)
            _ = try await transaction.query(
                """
                UPDATE channel_contacts SET recipient = \(new) WHERE company_id = \(scope.companyId)
                    AND customer_id = \(customer) AND recipient_kind = \(old.kind.rawValue) AND recipient = \(old.value)
                """)
        }
    }

    static func require(_ scope: TenantScope) throws(Forbidden) {
        guard scope.caller == .worker else { throw Forbidden("this is for the company's own work") }
    }
}

extension Contact {
    static let columns: SQL = """
        channel_contacts.company_id, channel_contacts.id, channel_contacts.channel_id, channel_contacts.customer_id,
        channel_contacts.recipient_kind, channel_contacts.recipient, channel_contacts.conversation_id,
        channel_contacts.last_inbound_at
        """

    init(_ row: PostgresRow) throws {
        guard let kind = ContactIdentity.Kind(rawValue: try row.get("recipient_kind")) else {
            throw PostgresError(.decoding, message: "unknown kind of identity")
        }
        self.init(
            id: try row.get("id"), companyId: try row.get("company_id"), channelId: try row.get("channel_id"),
            customerId: try row.get("customer_id"),
            recipient: ContactIdentity(kind: kind, value: try row.get("recipient")),
            conversationId: try row.get("conversation_id"), lastInboundAt: try row.get("last_inbound_at"))
    }
}
