import Foundation
public import JSON
import Tenancy

/// `mail_draft`: writes an e-mail and sends nothing.
public struct MailDraftTool: Tool {
    static let toolName = "mail_draft"
    /// `mail_draft`.
    public let name = Self.toolName
    /// What it does.
    public let description = "Writes a draft of an e-mail; nothing is sent."
    /// Writes in a mailbox, perhaps one outside.
    public let effect = ToolEffect.externalWrite
    /// A draft stays where it is until somebody sends it.
    public let reachesNobody = true
    /// `to`, `cc`, `subject`, `body`, `replyTo`.
    public let schema = ToolSchema(
        .init("to", .texts(maximumCount: 50, maximum: 254), "Addresses; the sender's for a reply", isRequired: false),
        .init("cc", .texts(maximumCount: 50, maximum: 254), "Addresses", isRequired: false),
        .init("subject", .text(maximum: 900), "The subject; that of the e-mail for a reply", isRequired: false),
        .init("body", .text(maximum: 20_000), "The text"),
        .init("replyTo", .text(maximum: 1_100), "The e-mail to answer, as mail_search names it", isRequired: false))
    private let context: MailContext

    /// The tool.
    public init(_ context: MailContext) { self.context = context }

    /// The draft's Message-ID follows from the turn, so that it is written once.
    public let isRepeatable = true

    /// Nobody outside hears of a draft.
    public func needsApproval(_ scope: ToolScope, _ arguments: JSONObject) async throws -> Bool { false }

    /// Answers `{id, to, cc, subject, text}`.
    /// - Throws: ``ToolError/notFound`` for an e-mail to answer that is absent or somebody else's.
    public func run(_ scope: ToolScope, _ arguments: JSONObject) async throws -> JSONValue {
        let subject = try scope.ownSubject(of: "mailbox")
        let id = scope.id(for: "mail_draft \(arguments.encodedString)")
        var mail = OutgoingMail(
            messageId: "o.\(id.lowercased)@switchboard.mail", to: try CalArguments.addresses("to", arguments) ?? [],
            cc: try CalArguments.addresses("cc", arguments) ?? [],
            subject: MailText.line(arguments["subject"]?.stringValue ?? "", 900),
            text: MailText.body(arguments["body"]?.stringValue ?? "", 20_000))
        guard !mail.text.isEmpty else { throw ToolError.invalidArguments("body must not be blank") }
        guard let parent = arguments["replyTo"]?.stringValue else {
            guard !mail.to.isEmpty else { throw ToolError.invalidArguments("to is missing") }
            return try await store(mail, nil, id, subject, scope)
        }
        switch try LinkedPlace(parent) {
        case .own(let place):
            let parent: Email
            do { parent = try await context.emails.get(scope.tenant, place, for: subject) } catch is NotFound {
                throw ToolError.notFound
            }
            mail.answer(MailEntry(parent))
            return try await store(mail, parent, id, subject, scope)
        case .linked(let account, let place):
            let mailbox = try await context.linked(account, scope)
            do { mail.parent = try await mailbox.read(place) } catch LinkFailure.notFound { throw ToolError.notFound }
            mail.answer(mail.parent.map { MailEntry($0, in: mailbox) })
            guard !mail.to.isEmpty else { throw ToolError.invalidArguments("to is missing") }
            let draft = try await mailbox.draft(mail)
            return Self.json(.linked(account, draft.id), mail)
        }
    }

    private func store(
        _ mail: OutgoingMail, _ parent: Email?, _ id: UUID, _ subject: Subject, _ scope: ToolScope
    ) async throws -> JSONValue {
        guard !mail.to.isEmpty else { throw ToolError.invalidArguments("to is missing") }
        var writer: UUID?
        if case .user(let user) = subject { writer = user }
        let sender = try await context.calendar.company(scope.tenant).settings.emailAddress
        let references = parent.map { Array(($0.references + [$0.messageId]).suffix(20)) } ?? []
        let draft = EmailDraft(
            messageId: mail.messageId, inReplyTo: parent?.messageId, references: references, direction: .outbound,
            state: .draft, fromAddress: sender?.text, to: mail.to, cc: mail.cc, subject: mail.subject, text: mail.text,
            isRead: true)
        let email = try await context.emails.put(
            scope.tenant, draft, owner: parent?.userId, writer: writer, id: id
        ).email
        return Self.json(.own(email.id), mail)
    }

    static func json(_ place: LinkedPlace, _ mail: OutgoingMail) -> JSONValue {
        [
            "id": .string(place.reference), "to": .array(mail.to.map { .string($0) }),
            "cc": .array(mail.cc.map { .string($0) }), "subject": .string(mail.subject), "text": .string(mail.text),
        ]
    }
}

extension OutgoingMail {
    /// Takes recipient and subject from the e-mail that is answered, where nothing else was said.
    fileprivate mutating func answer(_ parent: MailEntry?) {
        guard let parent else { return }
        if to.isEmpty { to = parent.isOutbound ? parent.to : parent.from.isEmpty ? [] : [parent.from] }
        if subject.isEmpty { subject = MailText.reply(to: parent.subject) }
    }
}
