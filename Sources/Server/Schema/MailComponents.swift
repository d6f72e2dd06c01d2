import JSON
import Tenancy

/// The shapes of e-mail and of linked accounts.
enum MailComponents {
    static let all: [(name: String, schema: Schema)] = [
        ("Email", email), ("OAuthStart", oauthStart), ("LinkedAccount", linkedAccount),
    ]

    private static let oauthStart = Schema.object([
        .required("url", .text().example("https://accounts.google.com/o/oauth2/v2/auth?client_id=…")),
        .required("expiresAt", .time),
    ])

    private static let linkedAccount = Schema.object([
        .required("id", .identifier), .required("provider", .words(["google"])),
        .required("email", .text(format: .email).orNull), .required("scopes", .array(of: .text())),
        .required(
            "status", .words(OAuthAccount.Status.allCases.map(\.rawValue)).described("`reconnect`: link it again.")),
        .required("lastError", .text().orNull), .required("createdAt", .time),
    ])

    private static let email = Schema.object([
        .required("id", .identifier),
        .required("userId", .identifier.orNull.described("Whose mailbox it is in; null for the company's.")),
        .required("threadId", .identifier), .required("messageId", .text().example("221@acme.example")),
        .required("inReplyTo", .text().orNull), .required("references", .array(of: .text())),
        .required("direction", .words(Email.Direction.allCases.map(\.rawValue))),
        .required("state", .words(Email.State.allCases.map(\.rawValue))),
        .required("from", .text(format: .email).orNull), .required("fromName", .text().orNull),
        .required("to", .array(of: .text(format: .email))), .required("cc", .array(of: .text(format: .email))),
        .required("subject", .text().example("Invoice 221")), .required("text", .text(0...EmailDraft.longestText)),
        .required("date", .time), .required("read", .boolean), .required("createdAt", .time),
        .required("updatedAt", .time),
    ])
}
