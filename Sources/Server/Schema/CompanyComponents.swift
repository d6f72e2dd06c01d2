import JSON
import Tenancy

/// The shapes of people, companies and what companies sell.
enum CompanyComponents {
    static let all: [(name: String, schema: Schema)] =
        [
            ("User", user), ("Company", company), ("Session", session), ("SignedIn", signedIn), ("Me", me),
            ("Member", member), ("Product", product), ("Customer", customer), ("Sale", sale),
            ("Lead", lead), ("Booking", booking),
            ("Subscription", subscription), ("APIKey", apiKey), ("NewAPIKey", newAPIKey),
            ("WidgetSecret", widgetSecret),
        ] + webhooks

    private static let times: [Field] = [.required("createdAt", .time), .required("updatedAt", .time)]
    static let role = Schema.words(Role.allCases.map(\.rawValue))

    private static let user = Schema.object([
        .required("id", .identifier), .required("email", .text(format: .email)), .required("name", .text().orNull),
        .required("username", .text().orNull), .required("emailVerified", .boolean), .required("status", .text()),
        .required("createdAt", .time), .required("updatedAt", .time),
    ])

    private static let company = Schema.object(
        [
            .required("id", .identifier), .required("name", .text().example("Ana's Roastery")),
            .required("industry", .text().orNull),
            .required("brandPersonality", .text().orNull), .required("active", .boolean),
            .required("subscriptionPlan", .words(SubscriptionPlan.allCases.map(\.rawValue))),
            .required("subscriptionStatus", .words(SubscriptionStatus.allCases.map(\.rawValue))),
            .required("widgetKey", .text().described("Publishable: it stands in the page's source.")),
            .required("settings", .freeObject),
        ] + times)

    private static let session = Schema.object([
        .required("id", .identifier), .required("userAgent", .text().orNull), .required("ip", .text().orNull),
        .required("createdAt", .time), .required("lastSeenAt", .time), .required("expiresAt", .time),
        .required("current", .boolean),
    ])

    private static let signedIn = Schema.object([
        .required("user", .reference("User")), .required("company", .reference("Company").orNull),
        .required("token", .text()), .required("expiresAt", .time), .required("refreshToken", .text()),
    ])

    private static let me = Schema.object([
        .required("user", .reference("User")),
        .required(
            "memberships",
            .array(
                of: .object([
                    .required("companyId", .identifier), .required("companyName", .text()), .required("role", role),
                    .required("joinedAt", .time),
                ]))),
        .required("company", .reference("Company").orNull), .required("role", role.orNull),
    ])

    private static let member = Schema.object([
        .required("userId", .identifier), .required("email", .text(format: .email).orNull),
        .required("name", .text().orNull), .required("username", .text().orNull), .required("role", role),
        .required("createdAt", .time), .required("updatedAt", .time),
    ])

    private static let product = Schema.object(
        [
            .required("id", .identifier), .required("companyId", .identifier), .required("name", .text()),
            .required("description", .text().orNull), .required("sku", .text().orNull),
            .required("priceCents", .integer(0 ... .max)), .required("currency", .text(format: .currency)),
            .required("active", .boolean), .required("metadata", .freeObject),
        ] + times)

    private static let customer = Schema.object(
        [
            .required("id", .identifier), .required("companyId", .identifier), .required("externalId", .text().orNull),
            .required("name", .text().orNull), .required("email", .text().orNull), .required("phone", .text().orNull),
            .required("metadata", .freeObject),
        ] + times)

    private static let sale = Schema.object(
        [
            .required("id", .identifier), .required("companyId", .identifier),
            .required("customerId", .identifier.orNull),
            .required("productId", .identifier.orNull), .required("quantity", .integer(1 ... .max)),
            .required("amountCents", .integer(0 ... .max)), .required("currency", .text(format: .currency)),
            .required("status", .words(Sale.Status.allCases.map(\.rawValue))),
            .required("conversationId", .identifier.orNull), .required("metadata", .freeObject),
        ] + times)

    private static let lead = Schema.object(
        [
            .required("id", .identifier), .required("kind", .words(Lead.Kind.allCases.map(\.rawValue))),
            .required("status", .words(Lead.Status.allCases.map(\.rawValue))),
            .required("customerId", .identifier.orNull), .required("conversationId", .identifier.orNull),
            .required("agent", .text()), .required("name", .text().orNull), .required("contact", .text().orNull),
            .required("interest", .text().orNull), .required("note", .text().orNull),
            .required(
                "items",
                .array(
                    of: .object([
                        .required("productId", .identifier), .required("name", .text()),
                        .required("quantity", .integer(1 ... .max)), .required("amountCents", .integer(0 ... .max)),
                        .required("currency", .text(format: .currency)),
                    ]))),
        ] + times)

    private static let booking = Schema.object(
        [
            .required("id", .identifier.described("Also that of the calendar's event once it is confirmed.")),
            .required("status", .words(Booking.Status.allCases.map(\.rawValue))),
            .required("startsAt", .time), .required("endsAt", .time),
            .required("timeZone", .text().example("Europe/Madrid")), .required("customerId", .identifier.orNull),
            .required("conversationId", .identifier.orNull), .required("agent", .text()),
            .required("name", .text().orNull), .required("contact", .text().orNull),
            .required("note", .text().orNull),
            .required("memberId", .identifier.orNull.described("Whose calendar it is for; null for the company's.")),
            .required("decidedBy", .identifier.orNull),
        ] + times)

    private static let subscription = Schema.object([
        .required("companyId", .identifier), .required("plan", .words(SubscriptionPlan.allCases.map(\.rawValue))),
        .required("status", .words(SubscriptionStatus.allCases.map(\.rawValue))),
        .required("limits", .freeObject.example(["requestsPerMinute": 600, "products": 1000])),
        .required("createdAt", .time), .required("updatedAt", .time),
    ])

    private static let keyFields: [Field] = [
        .required("id", .identifier), .required("companyId", .identifier), .required("name", .text()),
        .required("prefix", .text().example("sb_live_5a3c10")),
        .required("scopes", .array(of: .words(Permission.allCases.map(\.rawValue)))),
        .required("expiresAt", .time.orNull),
        .required("lastUsedAt", .time.orNull), .required("createdAt", .time),
    ]
    private static let apiKey = Schema.object(keyFields)
    private static let newAPIKey = Schema.object(
        keyFields + [.required("key", .text().described("The secret. It is shown this once."))])

    private static let widgetSecret = Schema.object([
        .required(
            "secret",
            .text().described("The key of the HMAC-SHA256 of a customer's `externalId`. It stays on your server."))
    ])
}
