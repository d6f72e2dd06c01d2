import Agents
import JSON
import Tenancy

extension AgentComponents {
    /// The shapes of usage, language models and memories.
    static let models: [(name: String, schema: Schema)] = [
        ("Usage", usage), ("LLMProfile", profile), ("Memory", memory),
        ("BrandVoice", voice), ("AgentFeedback", feedback),
    ]

    private static let voice = Schema.object([
        .required("tone", .words(BrandVoice.Tone.allCases.map(\.rawValue))),
        .required("address", .words(["tu", "usted"])), .required("emoji", .words(["none", "few"])),
        .required("greeting", .text().orNull), .required("closing", .text().orNull),
        .required("signature", .text().orNull), .required("forbiddenWords", .array(of: .text())),
        .required("languages", .array(of: .words(Language.allCases.map(\.rawValue)))),
    ])

    private static let memory = Schema.object([
        .required("id", .identifier), .required("text", .text().example("My gate code is on the blue card.")),
        .required("source", .words(Memory.Source.allCases.map(\.rawValue))),
        .required(
            "sourceMessageId", .identifier.orNull.described("The message it comes from; it goes when that is deleted.")),
        .required("sourceConversationId", .identifier.orNull.described("The conversation of that message.")),
        .required("pinned", .boolean),
        .required("shared", .boolean.described("It is the company's, for all its members.")),
        .required("expiresAt", .time.orNull), .required("createdAt", .time), .required("updatedAt", .time),
    ])

    private static let feedback = Schema.object([
        .required("id", .identifier), .required("conversationId", .identifier), .required("messageId", .identifier),
        .required("agent", .text().example("sales")),
        .required("author", .words(AgentFeedback.Author.allCases.map(\.rawValue))),
        .required("score", .oneOf([1, -1])), .required("note", .text().orNull),
        .required("createdAt", .time), .required("updatedAt", .time),
    ])

    private static let figures: [Field] = [
        "turns", "modelTurns", "tokensIn", "tokensOut", "costMicros", "handoffs", "fallbacks", "failures",
    ].map { .required($0, .integer(0 ... .max)) }

    private static let usage = Schema.object([
        .required("from", .text().example("2026-01-01")), .required("to", .text().example("2026-01-31")),
        .required("group", .words(UsageStore.Group.allCases.map(\.rawValue))), .required("total", .object(figures)),
        .required("data", .array(of: .object([.required("key", .text().example("2026-01-31"))] + figures))),
        .required(
            "budget",
            .object([
                .required("monthlyCostMicros", .integer(0 ... .max).orNull),
                .required("monthlyTurns", .integer(0 ... .max).orNull),
                .required("onBudget", .words(Budget.Action.allCases.map(\.rawValue))),
                .required("usedCostMicros", .integer(0 ... .max)), .required("usedTurns", .integer(0 ... .max)),
                .required("share", .number(0...1e15).described("Of the tighter limit; 1 when it is used up.")),
                .required("state", .words(Budget.State.allCases.map(\.rawValue))),
            ])),
    ])

    private static let profile = Schema.object([
        .required("id", .identifier), .required("name", .text().example("main")),
        .required("baseUrl", .text().example("https://llm.example.com/v1")), .required("hasKey", .boolean),
        .required(
            "keyHint", .text().orNull.described("The key's last four characters; the key itself is never shown.")),
        .required("model", .text()), .required("fallbackModel", .text().orNull), .required("quirks", .freeObject),
        .required("priceInMicros", .integer(0 ... .max)), .required("priceOutMicros", .integer(0 ... .max)),
        .required("priceCachedMicros", .integer(0 ... .max)), .required("timeoutSeconds", .integer(1...120)),
        .required("enabled", .boolean), .required("createdAt", .time), .required("updatedAt", .time),
    ])
}
