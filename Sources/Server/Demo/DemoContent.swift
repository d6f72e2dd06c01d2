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
            name: "Hand grinder", description: "Steel burrs, 40 g, quiet enough for six in the morning.",
            sku: "GRIND-1", priceCents: 8_900, currency: "EUR"),
        ProductDraft(
            name: "Gooseneck kettle", description: "0.9 litres, thin spout, works on induction.", sku: "KETTLE-1",
            priceCents: 6_450, currency: "EUR"),
        ProductDraft(
            name: "Porcelain dripper", description: "Size 02, one to four cups, keeps its heat.", sku: "DRIP-02",
            priceCents: 2_900, currency: "EUR"),
        ProductDraft(
            name: "Paper filters", description: "100 unbleached filters for size 02.", sku: "FILTER-02",
            priceCents: 690,
            currency: "EUR"),
        ProductDraft(
            name: "Beans of the month", description: "Washed, floral, 250 g, roasted on Tuesday.", sku: "BEANS-250",
            priceCents: 1_350, currency: "EUR"),
        ProductDraft(
            name: "Coffee course", description: "Two hours in our roastery for up to six people.", sku: "COURSE-1",
            priceCents: 5_900, currency: "EUR"),
    ]

    static let customers = [
        Person(
            draft: CustomerDraft(externalId: "c-1001", name: "Lena Ortiz", email: "lena@example.com"),
            title: "Which grinder for a small kitchen?", platform: .web,
            lines: [
                Line(role: .customer, text: "Hi! Is the hand grinder very loud? My kitchen is next to the bedroom."),
                Line(
                    role: .user,
                    text: "Hello Lena, it is the quietest we have: you hear the beans, not the grinder."),
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
