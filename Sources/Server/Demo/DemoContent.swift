import Conversations
import JSON
import Tenancy

/// What the demo company is made of.
enum DemoContent {
    struct Line {
        let role: MessageRole
        let text: String
    }

    struct Person {
        let draft: CustomerDraft
        let title: String
        let platform: Platform
        let lines: [Line]
    }

    static let company = CompanyPatch(
        industry: .set("coffee"),
        brandPersonality: .set("Friendly and down to earth, knows coffee by heart, never pushy."),
        settings: [
            "widgetAgent": "sales",
            "widget": [
                "greeting": "Hello! Ask us anything about coffee.",
                "colors": ["primary": "#0b5d4e"],
            ],
        ])

    static let products = [
        ProductDraft(
            name: "Grinder Alba",
            description: "A quiet conical burr grinder with 40 settings, from espresso to cold brew.",
            sku: "GR-ALBA", priceCents: 18_900, currency: "EUR"),
        ProductDraft(
            name: "Kettle Fjord",
            description: "A gooseneck kettle that holds its temperature to the degree; 0.9 litres.",
            sku: "KT-FJORD", priceCents: 12_900, currency: "EUR"),
        ProductDraft(
            name: "Dripper Lund", description: "A ceramic pour-over dripper for one or two cups.", sku: "DR-LUND",
            priceCents: 2_900, currency: "EUR"),
        ProductDraft(
            name: "House Espresso", description: "Beans, 1 kg: chocolate and hazelnut, roasted every Tuesday.",
            sku: "BN-HOUSE", priceCents: 2_450, currency: "EUR"),
        ProductDraft(
            name: "Coffee Course", description: "Two hours in our roastery for up to six people.", sku: "CO-BASIC",
            priceCents: 5_900, currency: "EUR"),
    ]

    static let customers = [
        Person(
            draft: CustomerDraft(externalId: "c-1001", name: "Lena Ortiz", email: "lena@example.com"),
            title: "Which grinder for a small kitchen?", platform: .web,
            lines: [
                Line(role: .customer, text: "Hi! Is the Alba very loud? My kitchen is next to the bedroom."),
                Line(
                    role: .user,
                    text: "Hello Lena, it is the quietest we have. With the rubber feet you hardly hear it."),
                Line(role: .customer, text: "That sounds right. Thank you!"),
            ]),
        Person(
            draft: CustomerDraft(
                externalId: "c-1002", name: "Jonas Weber", email: "jonas@example.com", phone: "+49 30 1234567"),
            title: "Delivery to Berlin", platform: .email,
            lines: [
                Line(role: .customer, text: "When does the kettle ship to Berlin?"),
                Line(role: .user, text: "Orders before noon leave the same day, so it would be with you on Thursday."),
            ]),
        Person(
            draft: CustomerDraft(externalId: "c-1003", name: "Mireia Puig", phone: "+34 600 123 456"),
            title: "Curso de café", platform: .whatsapp,
            lines: [Line(role: .customer, text: "Hola, ¿quedan plazas para el curso del sábado?")]),
    ]
}
