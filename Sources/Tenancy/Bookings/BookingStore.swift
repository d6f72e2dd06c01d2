public import Foundation
import JSON
public import Postgres

/// Times that customers asked for. Agents ask in the company's own name; members decide.
///
/// Methods throw ``Forbidden``, ``NotFound``, ``InvalidFields``, ``StoreConflict`` (`taken`, `decided`),
/// ``QuotaExceeded``, ``VersionMismatch``, and `PostgresError`.
public struct BookingStore: Sendable {
    let client: PostgresClient

    /// A store on `client`.
    public init(_ client: PostgresClient) { self.client = client }

    private static let columns: SQL = """
        id, status, starts_at, ends_at, time_zone, customer_id, conversation_id, agent_name, name, contact, note,
        language, user_id, decided_by, version, created_at, updated_at
        """

    /// Asks for a time, and holds it. Asking again under the same id, as a turn that is run twice does, changes nothing.
    /// Of two who ask for times that overlap at the same moment one gets it.
    /// - Parameter limit: requests that the customer, or the conversation of somebody unknown, may have waiting.
    /// - Throws: ``StoreConflict`` (`taken`) when the time is held or the calendar has something then; ``QuotaExceeded``.
    public func request(_ scope: TenantScope, _ draft: BookingDraft, id: UUID, limit: Int) async throws -> Booking {
        try scope.require(.salesWrite)
        try draft.checks.check()
        do {
            return try await client.transaction(settings: scope.settings) { transaction in
                // One request of a company at a time: what is looked for below cannot change before the end.
                try await transaction.lockCompany(scope)
                if let known = try await Self.find(id, scope, transaction) { return known }
                try await Self.check(limit, draft, scope, transaction)
                guard try await !Self.isTaken(draft, scope, transaction) else {
                    throw StoreConflict(field: nil, code: "taken", message: "this time is not free")
                }
                _ = try await transaction.query(
                    """
                    INSERT INTO bookings (company_id, id, starts_at, ends_at, time_zone, customer_id, conversation_id,
                        agent_name, name, contact, note, language, user_id)
                    VALUES (\(scope.companyId), \(id), \(draft.startsAt), \(draft.endsAt), \(draft.timeZone),
                        \(draft.customerId), \(draft.conversationId), \(draft.agentName), \(draft.name),
                        \(draft.contact), \(draft.note), \(draft.language), \(draft.userId))
                    """)
                return try await Self.booking(id, scope, transaction)
            }
        } catch let error as PostgresError where error.code == .foreignKeyViolation {
            throw NotFound("customer")
        }
    }

    /// The times that are held between two moments, at most 500.
    public func held(
        _ scope: TenantScope, from start: Date, to end: Date
    ) async throws -> [(start: Date, end: Date)] {
        try scope.require(.salesRead)
        return try await client.query(
            """
            SELECT starts_at, ends_at FROM bookings WHERE company_id = \(scope.companyId) AND status = 'requested'
                AND starts_at > \(start.addingTimeInterval(-8 * 3_600)) AND starts_at < \(end) AND ends_at > \(start)
            ORDER BY starts_at LIMIT 500
            """, settings: scope.settings
        ).map { (try $0.get("starts_at"), try $0.get("ends_at")) }
    }

    /// A page of requests, newest first, with one status when given.
    public func list(
        _ scope: TenantScope, page: PageRequest = PageRequest(), status: Booking.Status? = nil
    ) async throws -> Page<Booking> {
        try scope.require(.salesRead)
        var filter: SQL = "company_id = \(scope.companyId)"
        if let status { filter += " AND status = \(status.rawValue)" }
        return try await client.newestFirst(
            Self.columns, of: "bookings", where: filter, page, scope, id: \.id, Booking.init)
    }

    /// One of them.
    public func get(_ scope: TenantScope, _ id: UUID) async throws -> Booking {
        guard let found = try await find(scope, id) else { throw NotFound("booking") }
        return found
    }

    /// One of them; nil when there is none.
    public func find(_ scope: TenantScope, _ id: UUID) async throws -> Booking? {
        try scope.require(.salesRead)
        return try await client.transaction(settings: scope.settings) { try await Self.find(id, scope, $0) }
    }

    /// Confirms or declines a request, or calls a confirmed one off; deciding the same again changes nothing. The
    /// calendar's event comes and goes together with the decision.
    /// - Returns: the booking, and whether this decided it.
    public func decide(
        _ scope: TenantScope, _ id: UUID, _ status: Booking.Status, ifVersion: Int? = nil
    ) async throws -> (booking: Booking, isNew: Bool) {
        try scope.require(.salesWrite)
        return try await client.transaction(settings: scope.settings) { transaction in
            guard let old = try await Self.find(id, scope, transaction, lock: true) else { throw NotFound("booking") }
            try require(ifVersion, toBe: old.version)
            if old.status == status { return (old, false) }
            switch (old.status, status) {
            case (.requested, .confirmed): try await Self.addEvent(old, scope, transaction)
            case (.requested, .declined): break
            case (.confirmed, .cancelled):
                _ = try await transaction.query(
                    """
                    UPDATE calendar_events SET status = 'cancelled', version = version + 1, updated_at = now()
                    WHERE company_id = \(scope.companyId) AND id = \(id) AND status = 'confirmed'
                    """)
            default:
                throw StoreConflict(field: "status", code: "decided", message: "it was decided already")
            }
            _ = try await transaction.query(
                """
                UPDATE bookings SET status = \(status.rawValue), decided_by = \(scope.userId), version = version + 1,
                    updated_at = now()
                WHERE company_id = \(scope.companyId) AND id = \(id)
                """)
            return (try await Self.booking(id, scope, transaction), true)
        }
    }

    // MARK: Steps

    private static func check(
        _ limit: Int, _ draft: BookingDraft, _ scope: TenantScope, _ transaction: PostgresTransaction
    ) async throws {
        let whose: SQL =
            draft.customerId.map { "customer_id = \($0)" } ?? "conversation_id = \(draft.conversationId)"
        let open = try await transaction.query(
            """
            SELECT count(*) AS count FROM bookings WHERE company_id = \(scope.companyId) AND status = 'requested'
                AND ends_at > now() AND \(fragment: whose)
            """)
        if try open.one().get("count", as: Int.self) >= limit {
            throw QuotaExceeded(figure: "open booking requests", limit: limit)
        }
    }

    private static func isTaken(
        _ draft: BookingDraft, _ scope: TenantScope, _ transaction: PostgresTransaction
    ) async throws -> Bool {
        let earliest = draft.startsAt.addingTimeInterval(-CalendarEventDraft.lengths.upperBound)
        let rows = try await transaction.query(
            """
            SELECT EXISTS (SELECT FROM bookings WHERE company_id = \(scope.companyId) AND status = 'requested'
                    AND starts_at < \(draft.endsAt) AND ends_at > \(draft.startsAt))
                OR EXISTS (SELECT FROM calendar_events AS e WHERE e.company_id = \(scope.companyId)
                    AND e.status = 'confirmed' AND e.starts_at >= \(earliest)
                    AND e.starts_at < \(draft.endsAt) AND e.ends_at > \(draft.startsAt)
                    AND (e.user_id IS NULL OR e.user_id = \(draft.userId) OR EXISTS (SELECT FROM bookings AS b
                        WHERE b.company_id = e.company_id AND b.id = e.id AND b.status = 'confirmed'))) AS taken
            """)
        return try rows.one().get("taken")
    }

    /// The event of a confirmed booking, in the calendar of the member it is for, while that is one.
    private static func addEvent(
        _ booking: Booking, _ scope: TenantScope, _ transaction: PostgresTransaction
    ) async throws {
        let content = booking.content
        let notes = [content.contact, content.note].compactMap { $0 }.joined(separator: "\n")
        _ = try await transaction.query(
            """
            INSERT INTO calendar_events (company_id, id, user_id, title, starts_at, ends_at, time_zone, notes)
            VALUES (\(scope.companyId), \(booking.id),
                (SELECT user_id FROM memberships WHERE company_id = \(scope.companyId)
                    AND user_id = \(content.userId)),
                \(content.title), \(content.startsAt), \(content.endsAt), \(content.timeZone), \(notes))
            ON CONFLICT DO NOTHING
            """)
    }

    private static func booking(
        _ id: UUID, _ scope: TenantScope, _ transaction: PostgresTransaction
    ) async throws -> Booking {
        guard let found = try await find(id, scope, transaction) else { throw NotFound("booking") }
        return found
    }

    private static func find(
        _ id: UUID, _ scope: TenantScope, _ transaction: PostgresTransaction, lock: Bool = false
    ) async throws -> Booking? {
        let locking: SQL = lock ? " FOR UPDATE" : ""
        return try await transaction.query(
            """
            SELECT \(fragment: columns) FROM bookings
            WHERE company_id = \(scope.companyId) AND id = \(id)\(fragment: locking)
            """
        ).first.map { try Booking($0) }
    }
}

extension Booking.Status: PostgresDecodable {}

extension Booking {
    init(_ row: PostgresRow) throws {
        self.init(
            id: try row.get("id"), status: try row.get("status"),
            content: BookingDraft(
                startsAt: try row.get("starts_at"), endsAt: try row.get("ends_at"), timeZone: try row.get("time_zone"),
                customerId: try row.get("customer_id"), conversationId: try row.get("conversation_id"),
                agentName: try row.get("agent_name"), name: try row.get("name"), contact: try row.get("contact"),
                note: try row.get("note"), language: try row.get("language"), userId: try row.get("user_id")),
            decidedBy: try row.get("decided_by"), createdAt: try row.get("created_at"),
            updatedAt: try row.get("updated_at"), version: try row.get("version"))
    }
}
