/// What a caller says about a channel.
public struct ChannelDraft: Sendable, Hashable {
    /// What it is; it stays.
    public var kind: Channel.Kind
    /// The name, 1 to 200 characters.
    public var name: String
    /// The phone number id, 1 to 40 digits, or the e-mail address; it stays.
    public var address: String
    /// The address that replies to e-mail come in by; without it nothing of the address tells the conversation.
    public var replyAddress: String?
    /// The agent that answers what names nobody; nil for none.
    public var agent: String?
    /// What is sent on WhatsApp when nothing else is let through.
    public var template: Channel.Template?
    /// Whether anything is taken in and sent.
    public var enabled: Bool
    /// The secrets that the kind needs; of a channel that is there only those that change.
    public var secrets: ChannelSecrets

    /// A channel.
    public init(
        kind: Channel.Kind, name: String, address: String, replyAddress: String? = nil, agent: String? = "sales",
        template: Channel.Template? = nil, enabled: Bool = true, secrets: ChannelSecrets = ChannelSecrets()
    ) {
        self.kind = kind
        self.name = name
        self.address = address
        self.replyAddress = replyAddress
        self.agent = agent
        self.template = template
        self.enabled = enabled
        self.secrets = secrets
    }

    init(_ channel: Channel) {
        self.init(
            kind: channel.kind, name: channel.name, address: channel.address, replyAddress: channel.replyAddress,
            agent: channel.agent, template: channel.template, enabled: channel.enabled)
    }

    /// The same with addresses in the one spelling they are compared in.
    var normal: ChannelDraft {
        var draft = self
        if kind == .email { draft.address = EmailAddress(address)?.text ?? address }
        draft.replyAddress = replyAddress.map { EmailAddress($0)?.text ?? $0 }
        return draft
    }

    /// What is wrong with it, secrets aside.
    var checks: FieldChecks {
        var checks = FieldChecks()
        checks.text("name", name, 1...200)
        checks.text("agent", agent, 1...64)
        switch kind {
        case .whatsapp:
            if !(1...40).contains(address.utf8.count) || !address.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
                checks.add("address", "format", "must be the phone number id, up to 40 digits")
            }
            if replyAddress != nil { checks.add("replyAddress", "not_allowed", "belongs to e-mail") }
        case .email:
            checks.email("address", address)
            checks.email("replyAddress", replyAddress)
            if let local = replyAddress?.prefix(while: { $0 != "@" }), local.contains("+") || local.utf8.count > 24 {
                checks.add(
                    "replyAddress", "format",
                    "must have at most 24 characters before the @ and no +: a signed part of 40 is added there")
            }
            if template != nil { checks.add("template", "not_allowed", "belongs to WhatsApp") }
        }
        if let template {
            checks.text("template.name", template.name, 1...512)
            checks.text("template.language", template.language, 2...20)
        }
        return checks
    }
}

/// What a PATCH changes of a channel.
public struct ChannelPatch: Sendable, Hashable {
    /// The name.
    public var name: FieldChange<String> = .keep
    /// Where replies to e-mail come in.
    public var replyAddress: FieldChange<String?> = .keep
    /// The agent.
    public var agent: FieldChange<String?> = .keep
    /// The template.
    public var template: FieldChange<Channel.Template?> = .keep
    /// Whether anything is taken in and sent.
    public var enabled: FieldChange<Bool> = .keep
    /// Whether it sends; `active` lets it try again.
    public var status: FieldChange<Channel.Status> = .keep
    /// The secrets that change.
    public var secrets = ChannelSecrets()

    /// A patch of nothing.
    public init() {}

    func applied(to draft: ChannelDraft) -> ChannelDraft {
        var result = draft
        name.apply(to: &result.name)
        replyAddress.apply(to: &result.replyAddress)
        agent.apply(to: &result.agent)
        template.apply(to: &result.template)
        enabled.apply(to: &result.enabled)
        return result
    }
}
