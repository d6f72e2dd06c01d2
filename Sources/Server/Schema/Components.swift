import JSON

/// The shapes of answers, by the names they have in the OpenAPI document.
enum Components {
    static let all: [(name: String, schema: Schema)] =
        CompanyComponents.all + ConversationComponents.all + AgentComponents.all + AgentComponents.models
        + MailComponents.all + ChannelComponents.all + [
            ("Problem", problem)
        ]

    /// A list of the component called `name`.
    static func page(of name: String) -> Schema {
        .object([
            .required("data", .array(of: .reference(name))),
            .required(
                "nextCursor", .text().orNull.described("Pass it as `cursor` for the next page; null at the end.")),
        ])
    }

    private static let problem = Schema.object([
        .required("type", .text()), .required("title", .text()), .required("status", .integer(100...599)),
        .required("detail", .text()), .required("code", .words(Problem.Code.allCases.map(\.rawValue))),
        .required("requestId", .text()),
        .optional(
            "errors",
            .array(
                of: .object([
                    .required("field", .text()), .required("code", .text()), .required("message", .text()),
                ]))),
    ])
}
