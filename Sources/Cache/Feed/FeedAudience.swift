import Foundation
import Tenancy

/// Whom an event may be shown to, beyond being of the right company.
public struct FeedAudience: Sendable, Hashable {
    /// The user whose private conversation it is about; nil when it is the company's.
    public let ownerUserId: UUID?
    /// The customer whose conversation it is about.
    public let customerId: UUID?

    /// - Parameters:
    ///   - ownerUserId: set for an internal conversation, which only this user sees.
    ///   - customerId: set for a customer's conversation, which a visitor's widget may see.
    public init(ownerUserId: UUID? = nil, customerId: UUID? = nil) {
        self.ownerUserId = ownerUserId
        self.customerId = customerId
    }

    /// Whether a caller of the right company may see the event: a visitor what is about itself, a member what is
    /// the company's or its own, an API key what is the company's, the company's own work everything.
    public func includes(_ caller: Caller) -> Bool {
        switch caller {
        case .worker: true
        case .apiKey: ownerUserId == nil
        case .member(let userId, _, _): ownerUserId == nil || ownerUserId == userId
        case .visitor(let visitor): ownerUserId == nil && customerId == visitor
        }
    }
}
