import Tenancy

extension CompanyComponents {
    /// The shapes of webhooks.
    static let webhooks: [(name: String, schema: Schema)] = [
        ("Webhook", .object(webhook)),
        (
            "NewWebhook",
            .object(
                webhook + [
                    .required(
                        "secret",
                        .text().example("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").described(
                            "Shown this once. The key of the signature is what base64 says after `whsec_`."))
                ])
        ), ("WebhookDelivery", delivery),
    ]

    private static let webhook: [Field] = [
        .required("id", .identifier), .required("companyId", .identifier),
        .required("url", .text().example("https://example.com/switchboard")),
        .required("events", .array(of: .words(WebhookEvent.allCases.map(\.rawValue)))),
        .required("description", .text().orNull), .required("active", .boolean),
        .required("disabledReason", .text().orNull.described("Why the server switched it off.")),
        .required("failingSince", .time.orNull.described("Since when nothing could be delivered.")),
        .required("deliveredAt", .time.orNull), .required("createdAt", .time), .required("updatedAt", .time),
    ]

    private static let delivery = Schema.object([
        .required("id", .identifier), .required("webhookId", .identifier),
        .required("eventId", .identifier.described("`webhook-id`: the same for every try.")),
        .required("type", .words(WebhookEvent.allCases.map(\.rawValue) + [WebhookEvent.test])),
        .required("conversationId", .identifier.orNull), .required("messageId", .identifier.orNull),
        .required("state", .words(WebhookDelivery.State.allCases.map(\.rawValue))),
        .required("attempts", .integer(0 ... .max)), .required("status", .integer(100...599).orNull),
        .required("error", .text().orNull), .required("durationMs", .integer(0 ... .max).orNull),
        .required("nextAttemptAt", .time.orNull), .required("happenedAt", .time),
        .required("finishedAt", .time.orNull),
    ])
}
