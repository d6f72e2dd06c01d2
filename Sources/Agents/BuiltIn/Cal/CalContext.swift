import Foundation
import JSON
public import Tenancy

/// What the calendar's tools work on.
public struct CalContext: Sendable {
    /// Calendars in Switchboard.
    public let events: CalendarStore
    /// What members set for themselves.
    public let states: AgentStateStore
    /// Calendars elsewhere.
    public let accounts: any LinkedAccounts
    /// Reads the company of a scope.
    public let company: @Sendable (TenantScope) async throws -> Company

    /// A context.
    public init(
        events: CalendarStore, states: AgentStateStore, accounts: any LinkedAccounts,
        company: @escaping @Sendable (TenantScope) async throws -> Company
    ) {
        self.events = events
        self.states = states
        self.accounts = accounts
        self.company = company
    }

    static let agent = "cal"
    static let zoneKey = "timeZone"

    /// How a company and a member write and mean times.
    struct Settings {
        var zone: TimeZone
        var hours: WorkingHours
        var isDayFirst: Bool?
    }

    /// The author's zone, else the company's, else UTC.
    func settings(_ scope: ToolScope) async throws -> Settings {
        let company = try await company(scope.tenant).settings
        var own: TimeZone?
        if case .user(let id) = scope.author {
            let state = try await states.find(scope.tenant, agent: Self.agent, subject: .user(id))
            own = state?.state[Self.zoneKey]?.stringValue.flatMap { TimeZone(identifier: $0) }
        }
        return Settings(
            zone: own ?? company.timeZone ?? .gmt, hours: company.workingHours, isDayFirst: company.isDayFirst)
    }

    /// The author's linked calendars; a program has none.
    func linked(_ scope: ToolScope) async throws -> [any LinkedCalendar] {
        guard case .user(let id) = scope.author else { return [] }
        return try await accounts.calendars(scope.tenant, of: id)
    }
}

extension ToolScope {
    /// Whose calendar is meant: the author's, or the company's for a program.
    /// - Throws: ``ToolError``, also where a customer reads along: what is said about a calendar is private.
    func calendarSubject() throws(ToolError) -> Subject {
        if isReadByCustomer { throw .customerReads }
        switch author {
        case .user(let id): return .user(id)
        case .program: return .company
        case .customer: throw .notAllowed("customers have no calendar here")
        }
    }
}

/// Where an event lives: in Switchboard, or in a linked account.
enum EventPlace: Hashable {
    case own(UUID)
    case linked(UUID, String)

    /// The text by which tools name it.
    var reference: String {
        switch self {
        case .own(let id): "own:\(id.lowercased)"
        case .linked(let account, let id): "linked:\(account.lowercased):\(id)"
        }
    }

    init?(_ reference: String) {
        let parts = reference.split(separator: ":", maxSplits: 2).map(String.init)
        if parts.count == 2, parts[0] == "own", let id = UUID(strict: parts[1]) {
            self = .own(id)
        } else if parts.count == 3, parts[0] == "linked", let account = UUID(strict: parts[1]) {
            self = .linked(account, parts[2])
        } else {
            return nil
        }
    }
}
