import Conversations
import Foundation
import Tenancy

/// Finds the conversation that a contact writes in: the one open one of theirs, made when there is none.
///
/// Which one it is, is decided in Postgres by comparing and setting the contact's conversation, so that any number of
/// deliveries at once, in any number of processes, come to the same; then it is made in MongoDB under that id, which may
/// be done twice.
struct ContactPlace: Sendable {
    let contacts: ContactStore
    let conversations: ConversationStore

    /// The contact's open conversation.
    /// - Throws: ``Overloaded`` when it is being closed and opened all the time; errors of the stores.
    func open(_ contact: Contact, _ kind: Channel.Kind, title: String? = nil) async throws -> Conversation {
        let scope = TenantScope.forJob(companyId: contact.companyId)
        var id = contact.conversationId
        for _ in 0..<8 {
            if let id, let found = try await usable(id, contact, kind, title, scope) { return found }
            id = try await contacts.choose(scope, contact, instead: id, next: .v7(), subject: title)
        }
        throw Overloaded("a contact's conversation")
    }

    /// The conversation when it is open, made when it is not there yet; nil when it is over.
    private func usable(
        _ id: UUID, _ contact: Contact, _ kind: Channel.Kind, _ title: String?, _ scope: TenantScope
    ) async throws -> Conversation? {
        do {
            let found = try await conversations.conversation(id, in: scope)
            return found.status == .active ? found : nil
        } catch is NotFound {
            let draft = ConversationDraft(
                id: id, title: title.map { String($0.prefix(ConversationDraft.maximumTitleLength)) },
                customerId: contact.customerId, platform: kind.platform)
            do {
                let made = try await conversations.create(draft, in: scope).conversation
                return made.status == .active ? made : nil
            } catch is StoreConflict {
                // It was deleted just now.
                return nil
            }
        }
    }
}

extension Channel.Kind {
    /// Where conversations of this kind of channel take place.
    var platform: Platform {
        switch self {
        case .whatsapp: .whatsapp
        case .email: .email
        }
    }
}
