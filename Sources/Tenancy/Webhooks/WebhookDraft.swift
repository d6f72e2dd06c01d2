import Egress

/// What a caller says about a webhook.
public struct WebhookDraft: Sendable, Hashable {
    /// Where events are sent, as `EgressRules` allow it.
    public var url: String
    /// What it is told of, by the names of ``WebhookEvent``; at least one.
    public var events: [String]
    /// What it is for, up to 200 characters.
    public var description: String?
    /// Whether it is told of what happens.
    public var active: Bool

    /// A webhook at `url`.
    public init(url: String, events: [String], description: String? = nil, active: Bool = true) {
        self.url = url
        self.events = events
        self.description = description
        self.active = active
    }

    init(_ webhook: Webhook) {
        self.init(
            url: webhook.url, events: webhook.events, description: webhook.description, active: webhook.active)
    }

    func checks(_ rules: EgressRules) -> FieldChecks {
        var checks = FieldChecks()
        do { _ = try rules.check(url) } catch { checks.add("url", "invalid", error.message) }
        checks.text("description", description, 0...200)
        if events.isEmpty { checks.add("events", "required", "must name at least one kind of event") }
        for (place, event) in events.enumerated() where WebhookEvent(rawValue: event) == nil {
            let known = WebhookEvent.allCases.map(\.rawValue).joined(separator: ", ")
            checks.add("events[\(place)]", "not_allowed", "must be one of \(known)")
        }
        return checks
    }
}

/// What a PATCH changes of a webhook.
public struct WebhookPatch: Sendable, Hashable {
    /// Where events are sent.
    public var url: FieldChange<String> = .keep
    /// What it is told of.
    public var events: FieldChange<[String]> = .keep
    /// What it is for.
    public var description: FieldChange<String?> = .keep
    /// Whether it is told of what happens; switching it on forgets what it was switched off for.
    public var active: FieldChange<Bool> = .keep

    /// A patch of nothing.
    public init() {}

    func applied(to draft: WebhookDraft) -> WebhookDraft {
        var result = draft
        url.apply(to: &result.url)
        events.apply(to: &result.events)
        description.apply(to: &result.description)
        active.apply(to: &result.active)
        return result
    }
}
