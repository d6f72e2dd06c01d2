import Conversations

/// What has come into a turn that narrows what the turn may do (docs/agents.md). Private data, somebody else's words
/// and a way out must not meet: whoever wrote those words could carry the data off.
public struct Taint: Sendable, Hashable {
    /// Words of somebody outside: e-mails, web pages, results of foreign servers.
    public var isExternal: Bool
    /// What belongs to one person or team: memories, mailbox, calendar.
    public var isPrivate: Bool

    /// Nothing yet.
    public init(isExternal: Bool = false, isPrivate: Bool = false) {
        self.isExternal = isExternal
        self.isPrivate = isPrivate
    }

    /// As labels of a text say.
    init(_ labels: ContentLabels) { self.init(isExternal: labels.isExternal, isPrivate: labels.isPrivate) }

    /// This and what came in by another way.
    mutating func add(_ other: Taint) {
        isExternal = isExternal || other.isExternal
        isPrivate = isPrivate || other.isPrivate
    }

    /// What a turn may do with a tool or a text.
    public enum Permission: Sendable, Hashable {
        /// As the policy of the tool says.
        case byPolicy
        /// Only after a member approved it.
        case approve
        /// Not at all.
        case never
    }

    /// Which links a reply may carry.
    public enum Links: Sendable, Hashable {
        /// Those of the company and those that a tool returned for showing.
        case companyAndShared
        /// Those of the company.
        case company
        /// None.
        case none
    }

    /// Notes a result.
    public mutating func note(_ effect: ToolEffect, isExternal: Bool) {
        if effect == .privateRead { isPrivate = true }
        if isExternal { self.isExternal = true }
    }

    /// What a turn in this state may do with a tool of this effect.
    public func permission(for effect: ToolEffect) -> Permission {
        switch effect {
        case .privateRead, .catalogRead, .control: .byPolicy
        case .internalWrite: isExternal && isPrivate ? .approve : .byPolicy
        case .externalSend, .externalWrite, .money: isExternal ? .approve : .byPolicy
        }
    }

    /// Whether its answer may be shown to a customer.
    public var mayReachCustomer: Bool { !isPrivate }

    /// Which links its answer may carry.
    public var links: Links {
        switch (isExternal, isPrivate) {
        case (true, true): .none
        case (true, false): .company
        case (false, _): .companyAndShared
        }
    }
}
