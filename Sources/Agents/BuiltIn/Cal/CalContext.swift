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
