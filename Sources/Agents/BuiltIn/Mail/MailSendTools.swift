public import JSON
import Tenancy

/// A draft that is to be sent, wherever it lives.
private enum WaitingMail {
    case own(Email)
    case linked(any LinkedMailbox, LinkedDraft)

    /// - Throws: ``ToolError/notFound`` for a draft that is absent or somebody else's.
    init(_ context: MailContext, _ scope: ToolScope, _ arguments: JSONObject) async throws {
        let subject = try scope.ownSubject(of: "mailbox")
        switch try LinkedPlace(arguments["draft"]?.stringValue) {
        case .own(let id):
            do {
                let email = try await context.emails.get(scope.tenant, id, for: subject)
                guard email.direction == .outbound else { throw ToolError.notFound }
                self = .own(email)
            } catch is NotFound { throw ToolError.notFound }
        case .linked(let account, let id):
            let mailbox = try await context.linked(account, scope)
            do { self = .linked(mailbox, try await mailbox.draft(id)) } catch LinkFailure.notFound {
                throw ToolError.notFound
            }
        }
    }

    /// Whom it reaches and all that it says: what a member approves.
    var content: JSONObject {
        let (to, cc, subject, text) =
            switch self {
            case .own(let email): (email.to, email.cc, email.subject, email.text)
            case .linked(_, let draft): (draft.mail.to, draft.mail.cc, draft.mail.subject, draft.mail.text)
            }
        return [
            "to": .array(to.map { .string($0) }), "cc": .array(cc.map { .string($0) }),
            "subject": .string(MailText.line(subject, 900)), "body": .string(MailText.body(text, 20_000)),
        ]
    }
}

/// `mail_outgoing`: a draft as it would go out.
public struct MailOutgoingTool: Tool {
    /// `mail_outgoing`.
    public let name = "mail_outgoing"
    /// What it does.
    public let description = "Shows a draft as it would go out."
    /// Reads what is one person's or team's.
    public let effect = ToolEffect.privateRead
    /// `draft`.
    public let schema = ToolSchema(.init("draft", .text(maximum: 1_100), "The draft as mail_draft named it"))
    private let context: MailContext

    /// The tool.
    public init(_ context: MailContext) { self.context = context }

    /// Answers `{to, cc, subject, body}`.
    /// - Throws: ``ToolError/notFound`` for a draft that is absent or somebody else's.
    public func run(_ scope: ToolScope, _ arguments: JSONObject) async throws -> JSONValue {
        .object(try await WaitingMail(context, scope, arguments).content)
    }
}

/// `mail_send`: sends a draft. A member approves it first, always; and what is approved is the very text that goes out,
/// because it is part of the arguments.
public struct MailSendTool: Tool {
    /// `mail_send`.
    public let name = "mail_send"
    /// What it does.
    public let description = "Sends a draft, once a member has approved it."
    /// Reaches somebody outside.
    public let effect = ToolEffect.externalSend
    /// `draft`, and `to`, `cc`, `subject`, `body` as the draft has them.
    public let schema = ToolSchema(
        .init("draft", .text(maximum: 1_100), "The draft as mail_draft named it"),
        .init("to", .texts(maximumCount: 100, maximum: 254), "The draft's recipients"),
        .init("cc", .texts(maximumCount: 100, maximum: 254), "Who gets a copy of it"),
        .init("subject", .text(maximum: 998), "Its subject", isRequired: false),
        .init("body", .text(maximum: 20_000), "Its text"))
    /// Never: an instruction in an e-mail must not get this far.
    public let isForModels = false
    /// What went out under the draft's Message-ID does not go out again.
    public let isRepeatable = true
    private let context: MailContext

    /// The tool.
    public init(_ context: MailContext) { self.context = context }

    /// Always.
    public func needsApproval(_ scope: ToolScope, _ arguments: JSONObject) async throws -> Bool { true }

    /// Recipients, subject and the whole text.
    public func summary(_ arguments: JSONObject) -> String {
        func list(_ name: String) -> String {
            (arguments[name]?.arrayValue ?? []).compactMap(\.stringValue).joined(separator: ", ")
        }
        var lines = ["mail_send", "To: \(list("to"))"]
        if !list("cc").isEmpty { lines.append("Cc: \(list("cc"))") }
        lines += ["Subject: \(arguments["subject"]?.stringValue ?? "")", "", arguments["body"]?.stringValue ?? ""]
        return lines.joined(separator: "\n")
    }

    /// Answers `{state, to, subject}`: `sent`, or `queued` for the company's mail program.
    /// - Throws: ``ToolError``: not found for a draft that is absent or somebody else's, invalid arguments for one that
    ///   says something else meanwhile.
    public func run(_ scope: ToolScope, _ arguments: JSONObject) async throws -> JSONValue {
        let mail = try await WaitingMail(context, scope, arguments)
        let content = mail.content
        for name in ["to", "cc", "subject", "body"] where (arguments[name] ?? "") != (content[name] ?? "") {
            throw ToolError.invalidArguments("the draft was changed: \(name) is not what was approved")
        }
        let state: String
        switch mail {
        case .own(let email) where email.state == .draft:
            state = try await context.emails.advance(
                scope.tenant, email.id, to: .queued, for: try scope.ownSubject(of: "mailbox")
            ).state.rawValue
        case .own(let email): state = email.state.rawValue
        case .linked(let mailbox, let draft):
            _ = try await mailbox.send(draft)
            state = Email.State.sent.rawValue
        }
        return ["state": .string(state), "to": content["to"] ?? [], "subject": content["subject"] ?? ""]
    }
}
