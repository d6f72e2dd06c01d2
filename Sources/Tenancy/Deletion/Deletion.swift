public import Foundation

/// The durable intent to remove what hangs on a deleted row in the other stores. It is written in the transaction that
/// deletes the row, and goes away when MongoDB and Redis are clean.
public struct Deletion: Sendable, Hashable {
    /// What was deleted.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// A whole company.
        case company
        /// A customer.
        case customer
    }

    /// The intent's id.
    public let id: UUID
    /// The company it is, or belongs to.
    public let companyId: UUID
    /// What was deleted.
    public let kind: Kind
    /// The id of what was deleted; for a company its own.
    public let targetId: UUID
    /// How often it was handed out to be worked off.
    public let attempts: Int
    /// When the row was deleted.
    public let createdAt: Date
}
