import Agents
import Cache
import Conversations
import Foundation
import JSON
import Tenancy

/// What deciding who answers needs to know of a conversation.
struct ConversationHead: Sendable, Hashable {
    let id: UUID
    let agent: String?
    let holder: String?
    /// Since when `holder` has control.
    let heldSince: Date?
    /// Whether a person was called for and has not come.
    let isPersonCalled: Bool
    let hasCustomer: Bool
    let platform: Platform

    init(_ conversation: Conversation) {
        id = conversation.id
        agent = conversation.agent
        holder = conversation.control.holder
        heldSince = conversation.control.changedAt
        isPersonCalled = conversation.control.requestedAt != nil
        hasCustomer = conversation.customerId != nil
        platform = conversation.platform
    }

    /// The head of a conversation that is about to be made.
    init(_ draft: ConversationDraft, in scope: TenantScope) {
        id = draft.id ?? UUID.v7()
        agent = draft.agent
        holder = nil
        heldSince = nil
        isPersonCalled = false
        hasCustomer = draft.customerId != nil || scope.customerId != nil
        platform = draft.platform ?? (hasCustomer ? .web : .internal)
    }

    /// What the router of the agents asks about `draft` in this conversation.
    func request(_ draft: MessageDraft, _ surface: Router.Surface, _ target: String? = nil) -> Router.Request {
        Router.Request(
            content: draft.content, role: draft.role, target: target, surface: surface, conversationAgent: agent,
            holder: holder, isPersonCalled: isPersonCalled, hasCustomer: hasCustomer, platform: platform)
    }
}

extension ConversationHead: JSONEncodable {
    func encode(into writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("id", id)
            writer.field("agent", agent)
            writer.field("holder", holder)
            writer.field("heldSince", heldSince)
            writer.field("isPersonCalled", isPersonCalled)
            writer.field("hasCustomer", hasCustomer)
            writer.field("platform", platform)
        }
    }

    init?(cached value: JSONValue) {
        guard let id = value["id"]?.stringValue.flatMap({ UUID(strict: $0) }),
            let hasCustomer = value["hasCustomer"]?.boolValue,
            let platform = value["platform"]?.stringValue.flatMap({ Platform(rawValue: $0) })
        else { return nil }
        self.id = id
        self.hasCustomer = hasCustomer
        self.platform = platform
        agent = value["agent"]?.stringValue
        holder = value["holder"]?.stringValue
        heldSince = value["heldSince"]?.stringValue.flatMap { Timestamp.parse($0) }
        isPersonCalled = value["isPersonCalled"]?.boolValue ?? false
    }
}

/// Heads of conversations, cached: every message asks for one.
struct ConversationHeads: Sendable {
    let conversations: ConversationStore
    let cache: GenerationCache

    private static let cached = Cached<ConversationHead>(
        .conversations, name: "head", timeToLive: .seconds(300), encode: \.encoded
    ) { bytes in
        guard let head = ConversationHead(cached: try JSONValue.parse(bytes)) else { throw Problem.internalError }
        return head
    }

    /// The head of a conversation. Whether the caller may see it is decided by the store that is asked next: nothing
    /// of a head is ever shown.
    nonisolated(nonsending) func head(of id: UUID, for call: Call) async throws -> ConversationHead {
        let scope = try call.scope
        let head = try await cache.read(
            Self.cached, id: id.lowercased, scope: scope, generations: call.caller.generations
        ) { ConversationHead(try await conversations.conversation(id, in: scope)) }
        guard let head else { throw NotFound("conversation") }
        return head
    }
}
