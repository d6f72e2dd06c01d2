import Foundation
import JSON
import Tenancy

/// What the store itself refuses, whoever checked before it.
extension MessageDraft {
    /// - Throws: `InvalidFields` with every fault, or `Forbidden` when the caller may not write in this role.
    func check(in scope: TenantScope) throws {
        if scope.customerId != nil, role != .customer { throw Forbidden("a visitor writes only as customer") }
        var faults: [FieldError] = []
        if content.utf8.count > Self.maximumContentBytes {
            faults.append(FieldError("content", "too_long", "at most \(Self.maximumContentBytes) bytes"))
        }
        if let id = clientMessageId, id.isEmpty || id.count > Self.maximumClientMessageIdLength {
            faults.append(
                FieldError("clientMessageId", "out_of_range", "1 to \(Self.maximumClientMessageIdLength) characters"))
        }
        if !faults.isEmpty { throw InvalidFields(faults) }
    }
}

extension MessageDocument {
    /// - Throws: `InvalidFields` when the message is too large for a document.
    func checkSize() throws {
        guard document.isSendable, size <= Self.maximumBytes else {
            throw InvalidFields("metadata", "too_long", "a message has at most \(Self.maximumBytes) bytes in all")
        }
    }
}

extension ConversationDraft {
    /// The conversation that becomes of the draft.
    /// - Throws: `InvalidFields`, `Forbidden`.
    func conversation(in scope: TenantScope, now: Date) throws -> Conversation {
        try Self.check(title: title)
        let customer = scope.customerId ?? customerId
        let platform = self.platform ?? defaultPlatform(customer: customer, scope)
        var owner = Owner.company
        if customer == nil, platform == .internal {
            guard let userId = scope.userId else {
                throw InvalidFields(
                    "platform", "invalid", "an internal conversation without a customer is a user's own")
            }
            owner = .user(userId)
        }
        return Conversation(
            id: id ?? .v7(at: now), companyId: scope.companyId, customerId: customer, platform: platform, owner: owner,
            title: title, status: .active, assignee: assignee, agent: agent, control: Control(), lastMessageAt: nil,
            messageCount: 0, attributes: scope.customerId == nil ? metadata.withoutReservedMetadata() : [:],
            visitorAttributes: scope.customerId == nil ? [:] : metadata.withoutReservedMetadata(), version: 1,
            createdAt: now, updatedAt: now)
    }

    private func defaultPlatform(customer: UUID?, _ scope: TenantScope) -> Platform {
        switch scope.caller {
        case .member: customer == nil ? .internal : .web
        case .apiKey, .worker: .api
        case .visitor: .web
        }
    }

    static func check(title: String?) throws {
        if let title, title.count > maximumTitleLength {
            throw InvalidFields("title", "too_long", "at most \(maximumTitleLength) characters")
        }
    }
}

extension Conversation {
    /// The most bytes of a conversation's document.
    static let maximumBytes = 1 << 20
}
