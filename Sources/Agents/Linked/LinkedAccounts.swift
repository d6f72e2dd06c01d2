public import Foundation
public import Tenancy

/// Why an account outside Switchboard did not do what it was asked.
public enum LinkFailure: Error, Sendable, Hashable {
    /// The consent is gone: its owner has to link the account again.
    case reconnect
    /// The owner did not allow this; says what.
    case missingScope(String)
    /// It does not answer, or not in time, or asks us to slow down.
    case unavailable
    /// There is no such thing there.
    case notFound
    /// It refuses; says the status.
    case refused(Int)
}

/// The accounts outside Switchboard that members linked.
public protocol LinkedAccounts: Sendable {
    /// Whether members can link accounts at all.
    var canLink: Bool { get }
    /// The accounts of a member, in the order in which they were linked.
    func accounts(_ tenant: TenantScope, of user: UUID) async throws -> [LinkedAccount]
    /// The calendars of a member that may be used.
    func calendars(_ tenant: TenantScope, of user: UUID) async throws -> [any LinkedCalendar]
    /// The mailboxes of a member that may be used.
    func mailboxes(_ tenant: TenantScope, of user: UUID) async throws -> [any LinkedMailbox]
}

/// Nobody can link anything: the server has no client at a provider.
public struct NoLinkedAccounts: LinkedAccounts {
    /// Nothing.
    public init() {}

    /// False.
    public var canLink: Bool { false }
    /// None.
    public func accounts(_ tenant: TenantScope, of user: UUID) async throws -> [LinkedAccount] { [] }
    /// None.
    public func calendars(_ tenant: TenantScope, of user: UUID) async throws -> [any LinkedCalendar] { [] }
    /// None.
    public func mailboxes(_ tenant: TenantScope, of user: UUID) async throws -> [any LinkedMailbox] { [] }
}
