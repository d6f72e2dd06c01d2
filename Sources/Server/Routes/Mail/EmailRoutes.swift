import Foundation
import JSON
import Tenancy

/// The company's mailbox and the caller's own: a program puts e-mail in and takes out what is to be sent.
struct EmailRoutes: RouteGroup {
    let emails: EmailStore

    var routes: [Route] { [list, create, get, change] }

    private static let address = Schema.text(3...254, format: .email)
    private static let addresses = Schema.array(of: address, count: 0...EmailDraft.maximumAddresses)

    private static let body = Schema.object([
        .required(
            "messageId",
            .text(1...998, notBlank: true).described(
                "Message-ID of RFC 5322; the same one again returns the first e-mail."
            )
            .example("<221@acme.example>")),
        .required("from", address.example("billing@acme.example")), .optional("fromName", .text(0...200).orNull),
        .optional("to", addresses), .optional("cc", addresses),
        .optional("subject", .text(0...998).example("Invoice 221")),
        .optional("text", .text(0...EmailDraft.longestText).example("Please find the invoice attached.")),
        .optional("date", .time.orNull.described("When it was written; now without it.")),
        .optional("inReplyTo", .text(0...998).orNull),
        .optional("references", .array(of: .text(1...998), count: 0...100)),
        .optional("direction", .words(Email.Direction.allCases.map(\.rawValue)).described("`inbound` without it.")),
        .optional("read", .boolean),
        .optional(
            "userId",
            .identifier.orNull.described("Whose mailbox; the company's without it. A member can name nobody else.")
        ),
    ])

    private var list: Route {
        Route(
            method: .get, path: "/api/emails", summary: "E-mail in the company's mailbox and one's own, newest first.",
            tag: "E-mail", access: .company(.emailsRead),
            query: QueryParameter.page + [
                QueryParameter(
                    "q", .text(1...500),
                    "As in a mail program: words, `from:`, `to:`, `subject:`, `is:unread`, `in:sent`, "
                        + "`after:2026-01-31`, `newer_than:7d`."),
                QueryParameter(
                    "state", .words(Email.State.allCases.map(\.rawValue)), "In this state only; `queued` is to be sent."
                ),
                QueryParameter("threadId", .identifier, "Of this thread only."),
            ], answers: [.page(of: "Email")]
        ) { call in
            let page = try await emails.list(
                call.scope, page: call.page(), search: EmailSearch(call.query.string("q") ?? ""),
                state: call.query.word("state"), threadId: call.query.identifier("threadId"))
            return .cacheable(page)
        }
    }

    private var create: Route {
        Route(
            method: .post, path: "/api/emails", summary: "Put an e-mail into a mailbox; nothing is sent.",
            tag: "E-mail", access: .company(.emailsWrite), body: Self.body,
            answers: [
                .created("Email").located.tagged,
                .ok("Email", "A repeated `messageId`: the first e-mail again.").tagged,
            ], sizedFields: ["text"]
        ) { call in
            let input = call.input
            let direction: Email.Direction = input.word("direction") ?? .inbound
            let draft = EmailDraft(
                messageId: try input.required("messageId"), inReplyTo: input.string("inReplyTo"),
                references: input.strings("references") ?? [], direction: direction,
                state: direction == .inbound ? .received : .sent, fromAddress: input.string("from"),
                fromName: input.string("fromName"), to: input.strings("to") ?? [], cc: input.strings("cc") ?? [],
                subject: input.string("subject") ?? "", text: input.string("text") ?? "",
                date: input.time("date") ?? Date(), isRead: input.flag("read") ?? (direction == .outbound))
            let stored = try await emails.put(
                call.scope, draft, owner: input.identifier("userId"), id: call.resourceId ?? .v7())
            guard stored.isNew else {
                var answer = Answer.json(stored.email).tagged(stored.email.version)
                answer.headers[.idempotencyReplayed] = "true"
                return answer
            }
            return Answer.created(stored.email, at: "/api/emails/\(stored.email.id.lowercased)")
                .tagged(stored.email.version)
        }
    }

    private var get: Route {
        Route(
            method: .get, path: "/api/emails/{id}", summary: "One e-mail.", tag: "E-mail",
            access: .company(.emailsRead), answers: [.ok("Email").tagged]
        ) { call in
            let email = try await emails.get(call.scope, call.id())
            return Answer.json(email).tagged(email.version)
        }
    }

    private var change: Route {
        Route(
            method: .patch, path: "/api/emails/{id}",
            summary: "Mark an e-mail as read, or report what became of one that was queued.", tag: "E-mail",
            access: .company(.emailsWrite),
            body: .object([
                .optional("read", .boolean), .optional("state", .words([Email.State.sent, .failed].map(\.rawValue))),
            ]), answers: [.ok("Email").tagged]
        ) { call in
            var email = try await emails.get(call.scope, call.id())
            if let state: Email.State = call.input.word("state") {
                email = try await emails.advance(call.scope, email.id, to: state)
            }
            if let read = call.input.flag("read") {
                email = try await emails.mark(call.scope, email.id, read: read)
            }
            return Answer.json(email).tagged(email.version)
        }
    }
}
