public import Foundation

/// The proof that a caller may act inside one company. Every store method takes one.
///
/// It can be made only by authentication (``Identity/scope()``, a widget key) and for the company written in a job.
public struct TenantScope: Sendable, Hashable {
    /// The company.
    public let companyId: UUID
    /// Who acts.
    public let caller: Caller

    init(companyId: UUID, caller: Caller) {
        self.companyId = companyId
        self.caller = caller
    }

    /// The scope of a durable job: the company is the one that was written in the job when it was accepted.
    public static func forJob(companyId: UUID) -> TenantScope { TenantScope(companyId: companyId, caller: .worker) }

    /// What the caller may do.
    public var permissions: Set<Permission> { caller.permissions }

    /// Whether the caller may do `permission`.
    public func allows(_ permission: Permission) -> Bool { permissions.contains(permission) }

    /// Stops a caller who may not do `permission`.
    /// - Throws: ``Forbidden`` naming the permission.
    public func require(_ permission: Permission) throws(Forbidden) {
        guard allows(permission) else { throw Forbidden(permission) }
    }

    /// The id under which the caller is limited, logged and remembered; for a worker the company's.
    public var actorId: UUID {
        switch caller {
        case .member(let userId, _, _): userId
        case .apiKey(let id, _): id
        case .visitor(let customerId): customerId
        case .worker: companyId
        }
    }

    /// The person, when one acts.
    public var userId: UUID? {
        if case .member(let userId, _, _) = caller { userId } else { nil }
    }

    /// The customer, when one acts.
    public var customerId: UUID? {
        if case .visitor(let customerId) = caller { customerId } else { nil }
    }

    /// The member's role, when one acts.
    public var role: Role? {
        if case .member(_, let role, _) = caller { role } else { nil }
    }
}
