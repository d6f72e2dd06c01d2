import JSON
import Tenancy

/// The WhatsApp numbers and e-mail addresses of a company. Secrets go in and never come out.
struct ChannelRoutes: RouteGroup {
    let channels: ChannelStore
    /// Hears that what waited for a channel may be sent.
    let onChange: @Sendable () -> Void

    var routes: [Route] { [list, create, get, change, delete] }

    private static let secret = Schema.text(1...1000)
    private static let secrets = Schema.object([
        .optional("accessToken", secret.described("WhatsApp: the system user's token.")),
        .optional(
            "appSecret",
            secret.described("WhatsApp: the app's secret, by which Meta signs webhooks; at least 16 characters.")),
        .optional("verifyToken", secret.described("WhatsApp: the word to enter at Meta beside the webhook's address.")),
        .optional("serverToken", secret.described("E-mail: the token of the server at Postmark.")),
        .optional(
            "inboundSecret",
            secret.described(
                "E-mail: what Postmark shows, as `?secret=` behind the webhook's path or as the password of basic "
                    + "authentication in its address; at least 16 characters.")),
    ]).described("Write only. All that the kind needs when a channel is made, later those that change.")
    private static let name = Schema.text(1...200, notBlank: true).example("Support")
    private static let options: [Field] = [
        .optional("agent", .text(1...64).orNull.described("Who answers what names nobody; `null` for nobody.")),
        .optional(
            "replyAddress",
            .text(3...254, format: .email).orNull.described(
                "E-mail: the address whose mail Postmark hands on; replies come in by it with a signed part.")),
        .optional(
            "template",
            Schema.object([
                .required("name", .text(1...512, notBlank: true).example("we_have_an_answer")),
                .required("language", .text(2...20, notBlank: true).example("en_US")),
            ]).orNull.described(
                "WhatsApp: an approved template without parameters, sent when the customer wrote more than 24 hours ago."
            )),
        .optional("enabled", .boolean),
    ]

    private var list: Route {
        Route(
            method: .get, path: "/api/channels", summary: "List the company's WhatsApp numbers and e-mail addresses.",
            tag: "Channels", access: .company(.companyWrite), query: QueryParameter.page,
            answers: [.page(of: "Channel")]
        ) { call in .cacheable(try await channels.list(call.scope, page: call.page())) }
    }

    private var create: Route {
        Route(
            method: .post, path: "/api/channels",
            summary: "Add a WhatsApp number or an e-mail address. `webhookPath` is what to enter at the provider.",
            tag: "Channels", access: .company(.companyWrite),
            body: .object(
                [
                    .required("kind", .words(Channel.Kind.allCases.map(\.rawValue)).example("whatsapp")),
                    .required("name", Self.name),
                    .required(
                        "address",
                        .text(1...254).example("106540352242922").described(
                            "The phone number id, or the e-mail address. It belongs to one channel on the whole server."
                        )),
                    .required("secrets", Self.secrets),
                ] + Self.options), answers: [.created("Channel").located.tagged]
        ) { call in
            let channel = try await channels.create(call.scope, try ChannelDraft(call.input), id: call.resourceId)
            return Answer.created(channel, at: "/api/channels/\(channel.id.lowercased)").tagged(channel.version)
        }
    }

    private var get: Route {
        Route(
            method: .get, path: "/api/channels/{id}", summary: "One channel.", tag: "Channels",
            access: .company(.companyWrite), answers: [.ok("Channel").tagged]
        ) { call in
            let channel = try await channels.get(call.scope, call.id())
            return Answer.json(channel).tagged(channel.version)
        }
    }

    private var change: Route {
        Route(
            method: .patch, path: "/api/channels/{id}",
            summary: "Change a channel. A new secret, or `status: active`, lets a paused one send again.",
            tag: "Channels", access: .company(.companyWrite),
            body: .object(
                [
                    .optional("name", Self.name), .optional("secrets", Self.secrets),
                    .optional("status", .words(Channel.Status.allCases.map(\.rawValue))),
                ] + Self.options), answers: [.ok("Channel").tagged]
        ) { call in
            let channel = try await channels.update(
                call.scope, call.id(), ChannelPatch(call.input), ifVersion: try call.ifMatch())
            onChange()
            return Answer.json(channel).tagged(channel.version)
        }
    }

    private var delete: Route {
        Route(
            method: .delete, path: "/api/channels/{id}",
            summary: "Remove a channel with its secrets. Its conversations stay; nothing more is sent in them.",
            tag: "Channels", access: .company(.companyWrite), answers: [.done]
        ) { call in
            try await channels.delete(call.scope, call.id())
            return .noContent
        }
    }
}

extension ChannelSecrets {
    /// The secrets in a body.
    init(_ input: Input?) {
        var values: [Name: String] = [:]
        for name in Name.allCases { values[name] = input?.string(name.rawValue) }
        self.init(values)
    }
}

extension Channel.Template {
    /// The template in a body.
    init?(_ input: Input?) {
        guard let name = input?.string("name"), let language = input?.string("language") else { return nil }
        self.init(name: name, language: language)
    }
}

extension ChannelDraft {
    /// The channel that a body describes.
    init(_ input: Input) throws(Problem) {
        guard let kind = input.word("kind", as: Channel.Kind.self) else { throw .internalError }
        self.init(
            kind: kind, name: try input.required("name"), address: try input.required("address"),
            replyAddress: input.string("replyAddress"),
            agent: input.has("agent") ? input.string("agent") : CompanySettings.initial.widgetAgent,
            template: Channel.Template(input.nested("template")), enabled: input.flag("enabled") ?? true,
            secrets: ChannelSecrets(input.nested("secrets")))
    }
}

extension ChannelPatch {
    /// The changes that a body asks for.
    init(_ input: Input) {
        self.init()
        name = input.change("name", Input.string)
        replyAddress = input.optionalChange("replyAddress", Input.string)
        agent = input.optionalChange("agent", Input.string)
        if input.has("template") { template = .set(Channel.Template(input.nested("template"))) }
        enabled = input.change("enabled", Input.flag)
        status = input.word("status").map { .set($0) } ?? .keep
        secrets = ChannelSecrets(input.nested("secrets"))
    }
}
