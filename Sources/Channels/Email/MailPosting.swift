import Conversations
import Foundation
import JSON
import Tenancy

/// How an e-mail gets into its conversation: found by what only an answer to it can carry, never by its subject.
///
/// Who an e-mail is from is its author's word. It makes a customer, never a member; and only an answer that carries a mark
/// of ours joins a conversation with somebody else.
struct MailPosting: Sendable {
    /// E-mails of agents that a thread gets within an hour while no member writes in it.
    static let agentMailsPerThread = 3
    /// E-mails of agents that one person gets within a day.
    static let agentMailsPerContact = 10

    let stores: ChannelStores
    let posting: InboundPosting
    let conversations: ConversationStore

    /// Takes an e-mail. Doing it again for the same event changes nothing.
    func take(_ mail: InboundMail, _ event: ChannelEvent, _ opened: OpenedChannel) async throws {
        let scope = event.scope
        // Our own e-mail comes back, or the same one came by another address of the company.
        if let known = try await stores.mails.find(scope, [mail.id]).first,
            known.isOurs || known.conversationId != event.conversationId
        {
            return
        }
        let author = try await stores.contacts.resolve(
            scope, opened.channel,
            ContactSighting(email: mail.from, name: mail.fromName, seenAt: event.receivedAt))
        let link = try await thread(of: mail, from: author, event, opened)
        let noted = try await stores.mails.note(
            scope,
            MailStore.Known(
                id: mail.id, conversationId: link.conversationId, isOurs: false, references: mail.references))
        guard noted.conversationId == link.conversationId, !noted.isOurs else { return }
        var inbound = InboundMessage(
            id: ProviderId.bounded(mail.id), author: ContactSighting(email: mail.from, seenAt: event.receivedAt),
            content: Self.content(mail))
        inbound.details = Self.details(mail, isBySomebodyElse: author.id != link.contact.id)
        let isOwn = [opened.channel.address, opened.channel.replyAddress].contains(mail.from)
        inbound.startsTurn = isOwn ? false : try await mayBeAnswered(mail, link, scope)
        try await posting.post(inbound, of: event, from: link.contact, over: opened.channel) {
            try await place(link, opened.channel)
        }
    }

    // MARK: Threads

    private func thread(
        of mail: InboundMail, from author: Contact, _ event: ChannelEvent, _ opened: OpenedChannel
    ) async throws -> ChannelLink {
        let scope = event.scope
        if let id = event.conversationId, let link = try await stores.contacts.link(scope, of: id) { return link }
        if let found = try await answered(by: mail, from: author, opened, scope) {
            try await stores.events.pin(event, to: found.conversationId)
            return found
        }
        let id = UUID.v7()
        let link = try await stores.contacts.link(scope, author, .email, id, subject: mail.subject)
        try await stores.events.pin(event, to: id)
        return link
    }

    /// The conversation that an e-mail answers: by the signed address, then by what it answers, then by what it refers to,
    /// from the last to the first.
    private func answered(
        by mail: InboundMail, from author: Contact, _ opened: OpenedChannel, _ scope: TenantScope
    ) async throws -> ChannelLink? {
        let signature = MailSignature(opened)
        for token in mail.tokens {
            guard let id = signature.conversation(of: token), let link = try await usable(id, opened, scope) else {
                continue
            }
            return link
        }
        for known in try await stores.mails.find(scope, mail.inReplyTo + mail.references.reversed()) {
            guard let link = try await usable(known.conversationId, opened, scope) else { continue }
            // Ids of ours are signed and known to whom we wrote; those of others to everybody who got a copy.
            if known.isOurs || link.contact.id == author.id { return link }
        }
        return nil
    }

    private func usable(_ id: UUID, _ opened: OpenedChannel, _ scope: TenantScope) async throws -> ChannelLink? {
        guard let link = try await stores.contacts.link(scope, of: id), link.contact.channelId == opened.channel.id
        else { return nil }
        do {
            _ = try await conversations.conversation(id, in: scope)
            return link
        } catch is NotFound {
            return nil
        }
    }

    /// The thread's conversation, made when it is new, and taken up again when it was put away.
    private func place(_ link: ChannelLink, _ channel: Channel) async throws -> Conversation {
        let scope = TenantScope.forJob(companyId: link.contact.companyId)
        let draft = ConversationDraft(
            id: link.conversationId,
            title: link.subject.flatMap { $0.isEmpty ? nil : String($0.prefix(ConversationDraft.maximumTitleLength)) },
            customerId: link.contact.customerId, platform: .email)
        var conversation: Conversation
        do {
            conversation = try await conversations.conversation(link.conversationId, in: scope)
        } catch is NotFound {
            conversation = try await conversations.create(draft, in: scope).conversation
        }
        if conversation.status == .archived {
            conversation = try await conversations.update(
                conversation.id, ConversationChange(status: .active), in: scope)
        }
        return conversation
    }

    // MARK: Words

    private static func content(_ mail: InboundMail) -> String {
        if !mail.text.isEmpty { return mail.text }
        let names = mail.attachments.compactMap { $0["name"]?.stringValue }
        return names.isEmpty ? "[e-mail without text]" : "[e-mail without text: \(names.joined(separator: ", "))]"
    }

    private static func details(_ mail: InboundMail, isBySomebodyElse: Bool) -> JSONObject {
        var details: JSONObject = [
            "kind": "email", "id": .string(ProviderId.bounded(mail.id)), "from": .string(mail.from),
            "subject": .string(mail.subject),
        ]
        if isBySomebodyElse { details["fromSomebodyElse"] = true }
        details["automatic"] = mail.automatic.map { .string($0) }
        if !mail.attachments.isEmpty { details["attachments"] = .array(mail.attachments.map { .object($0) }) }
        return details
    }

    /// Whether an agent may answer: not what a machine wrote, nor when this thread or this person had enough of it. Rules
    /// about headers alone fail: two machines that know none of them write to each other for ever.
    private func mayBeAnswered(_ mail: InboundMail, _ link: ChannelLink, _ scope: TenantScope) async throws -> Bool {
        guard mail.automatic == nil, !mail.text.isEmpty else { return false }
        let sent = try await stores.mails.agentMails(scope, to: link)
        return sent.thread < Self.agentMailsPerThread && sent.contact < Self.agentMailsPerContact
    }
}
