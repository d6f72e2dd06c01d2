public import Foundation

/// Who calls, after the stores were asked. It can be kept in a cache for a while (see ``encode(into:)`` and
/// ``init(cached:)``), together with its credential's ``Credential/cacheKey`` and the company that was asked for.
public struct Identity: Sendable, Hashable {
    /// The kinds of callers.
    public enum Kind: Sendable, Hashable {
        /// A person. `companyId` is the company that was asked for or stands in the token; `role` is `nil` when the
        /// person is not, or no longer, a member of it.
        case person(userId: UUID, sessionId: UUID, companyId: UUID?, role: Role?)
        /// A program.
        case apiKey(id: UUID, companyId: UUID, permissions: Set<Permission>)
        /// A visitor of the web chat.
        case visitor(companyId: UUID, customerId: UUID)
    }

    /// Who it is.
    public let kind: Kind
    /// What the person is called, where they said so; nobody else has a name.
    public let name: String?
    /// The company's plan; free without a company.
    public let plan: SubscriptionPlan
    /// How the company's subscription stands.
    public let subscription: SubscriptionStatus
    /// When this stops to be true by itself.
    public let expiresAt: Date?

    init(
        _ kind: Kind, name: String? = nil, plan: SubscriptionPlan = .free, subscription: SubscriptionStatus = .active,
        expiresAt: Date?
    ) {
        self.kind = kind
        self.name = name
        self.plan = plan
        self.subscription = subscription
        self.expiresAt = expiresAt
    }

    /// The person, when it is one.
    public var userId: UUID? {
        if case .person(let userId, _, _, _) = kind { userId } else { nil }
    }

    /// The person's session, when it is one.
    public var sessionId: UUID? {
        if case .person(_, let sessionId, _, _) = kind { sessionId } else { nil }
    }

    /// The company the caller acts in; `nil` for a person who is in none, or no longer in the one of the token.
    public var companyId: UUID? {
        switch kind {
        case .person(_, _, let companyId, let role): role == nil ? nil : companyId
        case .apiKey(_, let companyId, _), .visitor(let companyId, _): companyId
        }
    }

    /// Whether it has not ended by itself.
    public func isValid(at now: Date = Date()) -> Bool { expiresAt.map { now < $0 } ?? true }

    /// The proof that the caller may act in its company.
    /// - Throws: ``Unauthenticated`` for a person who is no longer a member of the token's company; ``Forbidden`` for one
    ///   who is in no company.
    public func scope() throws -> TenantScope {
        switch kind {
        case .person(let userId, let sessionId, let companyId?, let role?):
            return TenantScope(
                companyId: companyId, caller: .member(userId: userId, role: role, sessionId: sessionId))
        case .person(_, _, _?, nil):
            throw Unauthenticated("you are no longer a member of this token's company; refresh it or sign in again")
        case .person: throw Forbidden("you are a member of no company; create one first")
        case .apiKey(let id, let companyId, let permissions):
            return TenantScope(companyId: companyId, caller: .apiKey(id: id, permissions: permissions))
        case .visitor(let companyId, let customerId):
            return TenantScope(companyId: companyId, caller: .visitor(customerId: customerId))
        }
    }
}
