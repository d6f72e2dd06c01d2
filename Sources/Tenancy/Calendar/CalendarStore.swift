public import Foundation
import JSON
public import Postgres

/// Calendars: each member's own, and the company's. A member reaches the own one; the company's own work (the agent)
/// names whose it means.
///
/// Methods throw ``Forbidden``, ``NotFound`` for an event that is absent or in somebody else's calendar,
/// ``InvalidFields``, and `PostgresError`.
public struct CalendarStore: Sendable {
    let client: PostgresClient

    /// How many events one calendar may have; the next is refused.
    public static let limit = 50_000
    /// How many events one question returns at most.
    public static let listed = 500

    /// A store on `client`.
    public init(_ client: PostgresClient) { self.client = client }

    private static let columns: SQL = """
        id, user_id, title, starts_at, ends_at, time_zone, guests, location, notes, status, account_id, external_id,
        version
        """

    /// The events that take place between two moments, by their beginning; at most ``listed``.
    public func list(
        _ scope: TenantScope, from start: Date, to end: Date, subject: Subject? = nil
    ) async throws -> [CalendarEvent] {
        let calendar = try Self.owned(scope, subject)
        // No event is longer than 31 days, so that the index on the beginning finds those under way.
        let earliest = start.addingTimeInterval(-CalendarEventDraft.lengths.upperBound)
        let rows = try await client.query(
            """
            SELECT \(fragment: Self.columns) FROM calendar_events
            WHERE \(fragment: calendar) AND status = 'confirmed'
                AND starts_at >= \(earliest) AND starts_at < \(end) AND ends_at > \(start)
            ORDER BY starts_at, id LIMIT \(Self.listed)
            """, settings: scope.settings)
        return try rows.map(CalendarEvent.init)
    }

    /// The event, cancelled ones included.
    public func get(_ scope: TenantScope, _ id: UUID, subject: Subject? = nil) async throws -> CalendarEvent {
        let rows = try await client.query(
            """
            SELECT \(fragment: Self.columns) FROM calendar_events
            WHERE \(fragment: try Self.owned(scope, subject)) AND id = \(id)
            """, settings: scope.settings)
        guard let row = rows.first else { throw NotFound("event") }
        return try CalendarEvent(row)
    }

    /// Adds an event.
    /// - Parameter id: the event's id; adding again under the same id, as a turn that is run twice does, changes nothing.
    /// - Throws: also ``QuotaExceeded``.
    public func create(
        _ scope: TenantScope, _ draft: CalendarEventDraft, id: UUID = .v7(), subject: Subject? = nil
    ) async throws -> CalendarEvent {
        let calendar = try Self.owned(scope, subject)
        let owner = try Self.owner(scope, subject)
        try draft.checks.check()
        do {
            return try await client.transaction(settings: scope.settings) { transaction in
                let counted = try await transaction.query(
                    """
                    SELECT count(*) AS count FROM (SELECT FROM calendar_events
                        WHERE \(fragment: calendar) LIMIT \(Self.limit)) AS counted
                    """)
                if try counted.one().get("count", as: Int.self) >= Self.limit {
                    throw QuotaExceeded(figure: "calendar events", limit: Self.limit)
                }
                _ = try await transaction.query(
                    """
                    INSERT INTO calendar_events (company_id, id, user_id, title, starts_at, ends_at, time_zone, guests,
                        location, notes, account_id, external_id)
                    VALUES (\(scope.companyId), \(id), \(owner), \(draft.title), \(draft.startsAt), \(draft.endsAt),
                        \(draft.timeZone), \(draft.guests), \(draft.location), \(draft.notes), \(draft.accountId),
                        \(draft.externalId))
                    ON CONFLICT DO NOTHING
                    """)
                let rows = try await transaction.query(
                    """
                    SELECT \(fragment: Self.columns) FROM calendar_events
                    WHERE \(fragment: calendar) AND id = \(id)
                    """)
                guard let row = rows.first else { throw NotFound("event") }
                return try CalendarEvent(row)
            }
        } catch let error as PostgresError where error.code == .foreignKeyViolation {
            throw NotFound("user")
        }
    }

    /// Replaces what is said about an event that takes place.
    public func update(
        _ scope: TenantScope, _ id: UUID, _ draft: CalendarEventDraft, subject: Subject? = nil
    ) async throws -> CalendarEvent {
        try draft.checks.check()
        let rows = try await client.query(
            """
            UPDATE calendar_events SET title = \(draft.title), starts_at = \(draft.startsAt), ends_at = \(draft.endsAt),
                time_zone = \(draft.timeZone), guests = \(draft.guests), location = \(draft.location),
                notes = \(draft.notes), account_id = \(draft.accountId), external_id = \(draft.externalId),
                version = version + 1, updated_at = now()
            WHERE \(fragment: try Self.owned(scope, subject)) AND id = \(id) AND status = 'confirmed'
            RETURNING \(fragment: Self.columns)
            """, settings: scope.settings)
        guard let row = rows.first else { throw NotFound("event") }
        return try CalendarEvent(row)
    }

    /// Calls an event off; once more changes nothing.
    public func cancel(_ scope: TenantScope, _ id: UUID, subject: Subject? = nil) async throws -> CalendarEvent {
        let rows = try await client.query(
            """
            UPDATE calendar_events SET version = version + CASE status WHEN 'cancelled' THEN 0 ELSE 1 END,
                status = 'cancelled', updated_at = now()
            WHERE \(fragment: try Self.owned(scope, subject)) AND id = \(id) RETURNING \(fragment: Self.columns)
            """, settings: scope.settings)
        guard let row = rows.first else { throw NotFound("event") }
        return try CalendarEvent(row)
    }

    /// The member whose calendar is meant; nil for the company's.
    private static func owner(_ scope: TenantScope, _ subject: Subject?) throws -> UUID? {
        switch try scope.reach(subject) {
        case .user(let id): return id
        case .company: return nil
        case .customer, .conversation: throw Forbidden("only members and the company have a calendar")
        }
    }

    private static func owned(_ scope: TenantScope, _ subject: Subject?) throws -> SQL {
        guard let owner = try owner(scope, subject) else {
            return "company_id = \(scope.companyId) AND user_id IS NULL"
        }
        return "company_id = \(scope.companyId) AND user_id = \(owner)"
    }
}

extension CalendarEvent.Status: PostgresDecodable {}

extension CalendarEvent {
    init(_ row: PostgresRow) throws {
        self.init(
            id: try row.get("id"), userId: try row.get("user_id"), title: try row.get("title"),
            startsAt: try row.get("starts_at"), endsAt: try row.get("ends_at"), timeZone: try row.get("time_zone"),
            guests: try row.get("guests"), location: try row.get("location"), notes: try row.get("notes"),
            status: try row.get("status"), accountId: try row.get("account_id"),
            externalId: try row.get("external_id"), version: try row.get("version"))
    }
}
