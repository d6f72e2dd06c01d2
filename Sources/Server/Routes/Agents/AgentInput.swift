import JSON
import Tenancy

/// What a body says about an agent.
enum AgentInput {
    static let faqs = Schema.array(
        of: .object([
            .required("question", .text(1...300, notBlank: true).example("What are your opening hours?")),
            .required("answer", .text(1...2000, notBlank: true).example("Monday to Friday, 9 to 18.")),
            .optional("language", .words(FAQDraft.languages).orNull),
        ]), count: 0...FAQDraft.maximumCount)

    private static let rules = Schema.array(
        of: .object([
            .required("keywords", .array(of: .text(1...60, notBlank: true), count: 1...20)),
            .required("answer", .text(1...2000, notBlank: true)),
            .optional("all", .boolean.described("All keywords have to occur; otherwise one is enough.")),
            .optional("handoff", .boolean.described("A person is called too.")),
        ]), count: 0...KeywordRule.maximumCount)

    /// Fields that only agents of the company's own have.
    static let ownFields = ["description", "tools", "audience", "aliases", "rules", "faqs"]

    static let fields: [Field] = [
        .optional("description", .text(0...300).orNull.example("Answers questions about returns.")),
        .optional("instructions", .text(0...8000).example("Be brief. Ask for the order number.")),
        .optional("model", .text(1...200).orNull.described("The company's own when left out.")),
        .optional("temperature", .number(0...1).orNull),
        .optional(
            "tools",
            .array(of: .text(1...64), count: 0...100)
                .described("An agent that serves customers cannot have tools that read what is private.")),
        .optional("active", .boolean),
        .optional("audience", .words(AgentDraft.Audience.allCases.map(\.rawValue))),
        .optional(
            "aliases",
            .array(of: .text(2...32, format: .agentName), count: 0...5)
                .described("Other names it is mentioned by.")),
        .optional("rules", rules.described("What it answers to certain words, without a model.")),
        .optional("faqs", faqs.described("What it answers to certain questions, without a model.")),
    ]
}

extension AgentDraft {
    /// The agent that a body describes.
    init(_ input: Input) throws(Problem) {
        self.init(
            name: try input.required("name"), description: input.string("description"),
            instructions: input.string("instructions") ?? "", model: input.string("model"),
            temperature: input.number("temperature"), tools: input.strings("tools") ?? [],
            active: input.flag("active") ?? true, audience: input.word("audience") ?? .internal,
            aliases: input.strings("aliases") ?? [], rules: Input.rules(input)("rules") ?? [],
            faqs: Input.questions(input)("faqs") ?? [])
    }
}

extension AgentPatch {
    /// The changes that a body asks for.
    init(_ input: Input) {
        self.init(
            description: input.optionalChange("description", Input.string),
            instructions: input.change("instructions", Input.string),
            model: input.optionalChange("model", Input.string),
            temperature: input.optionalChange("temperature", Input.number), tools: input.change("tools", Input.strings),
            active: input.change("active", Input.flag),
            audience: input.word("audience", as: AgentDraft.Audience.self).map { .set($0) } ?? .keep,
            aliases: input.change("aliases", Input.strings), rules: input.change("rules", Input.rules),
            faqs: input.change("faqs", Input.questions))
    }
}

extension Input {
    func rules(_ name: String) -> [KeywordRule]? { elements(name)?.compactMap { KeywordRule($0) } }
    func questions(_ name: String) -> [FAQDraft]? { elements(name)?.compactMap { FAQDraft($0) } }
}
