import JSON

/// What a caller says about an agent of the company's own.
public struct AgentDraft: Sendable, Hashable {
    /// Whom an agent serves.
    public enum Audience: String, Sendable, Hashable, CaseIterable {
        /// Members only.
        case `internal`
        /// Customers only.
        case customer
        /// Members and customers.
        case both
    }

    /// The name it is mentioned by: a lower-case letter, then 1 to 31 letters, digits or hyphens. Stays.
    public var name: String
    /// What it does, up to 300 characters.
    public var description: String?
    /// What it is told, up to 8,000 characters.
    public var instructions: String
    /// The language model it asks for; `nil` for the company's.
    public var model: String?
    /// 0 to 1; `nil` for the model's own.
    public var temperature: Double?
    /// The names of the tools it may use, up to 100.
    public var tools: [String]
    /// Whether it answers.
    public var active: Bool
    /// Whom it serves.
    public var audience: Audience
    /// Other names it is mentioned by, up to 5.
    public var aliases: [String]
    /// What it answers to certain words.
    public var rules: [KeywordRule]
    /// What it answers to certain questions.
    public var faqs: [FAQDraft]

    /// An agent called `name`.
    public init(
        name: String, description: String? = nil, instructions: String = "", model: String? = nil,
        temperature: Double? = nil, tools: [String] = [], active: Bool = true, audience: Audience = .internal,
        aliases: [String] = [], rules: [KeywordRule] = [], faqs: [FAQDraft] = []
    ) {
        self.name = name
        self.description = description
        self.instructions = instructions
        self.model = model
        self.temperature = temperature
        self.tools = tools
        self.active = active
        self.audience = audience
        self.aliases = aliases
        self.rules = rules
        self.faqs = faqs
    }

    var checks: FieldChecks {
        var checks = FieldChecks()
        checks.agentName("name", name)
        checks.text("description", description, 0...300)
        checks.text("instructions", instructions, 0...8000)
        checks.plainText("instructions", instructions)
        checks.text("model", model, 1...200)
        checks.temperature("temperature", temperature)
        if tools.count > 100 { checks.add("tools", "too_long", "must have at most 100 tools") }
        if aliases.count > 5 { checks.add("aliases", "too_long", "must have at most 5 names") }
        for (place, alias) in aliases.prefix(5).enumerated() { checks.agentName("aliases[\(place)]", alias) }
        if Set(aliases + [name]).count <= aliases.count {
            checks.add("aliases", "taken", "must be different from each other and from the name")
        }
        checks.rules("rules", rules)
        checks.questions("faqs", faqs)
        return checks
    }
}

/// What a PATCH changes of an agent.
public struct AgentPatch: Sendable, Hashable {
    /// What it does.
    public var description: FieldChange<String?>
    /// What it is told.
    public var instructions: FieldChange<String>
    /// The language model it asks for.
    public var model: FieldChange<String?>
    /// 0 to 1.
    public var temperature: FieldChange<Double?>
    /// The tools it may use.
    public var tools: FieldChange<[String]>
    /// Whether it answers.
    public var active: FieldChange<Bool>
    /// Whom it serves.
    public var audience: FieldChange<AgentDraft.Audience>
    /// Other names it is mentioned by.
    public var aliases: FieldChange<[String]>
    /// What it answers to certain words.
    public var rules: FieldChange<[KeywordRule]>
    /// What it answers to certain questions.
    public var faqs: FieldChange<[FAQDraft]>

    /// A patch of the fields that are given.
    public init(
        description: FieldChange<String?> = .keep, instructions: FieldChange<String> = .keep,
        model: FieldChange<String?> = .keep, temperature: FieldChange<Double?> = .keep,
        tools: FieldChange<[String]> = .keep, active: FieldChange<Bool> = .keep,
        audience: FieldChange<AgentDraft.Audience> = .keep, aliases: FieldChange<[String]> = .keep,
        rules: FieldChange<[KeywordRule]> = .keep, faqs: FieldChange<[FAQDraft]> = .keep
    ) {
        self.description = description
        self.instructions = instructions
        self.model = model
        self.temperature = temperature
        self.tools = tools
        self.active = active
        self.audience = audience
        self.aliases = aliases
        self.rules = rules
        self.faqs = faqs
    }

    func applied(to draft: AgentDraft) -> AgentDraft {
        var result = draft
        description.apply(to: &result.description)
        instructions.apply(to: &result.instructions)
        model.apply(to: &result.model)
        temperature.apply(to: &result.temperature)
        tools.apply(to: &result.tools)
        active.apply(to: &result.active)
        audience.apply(to: &result.audience)
        aliases.apply(to: &result.aliases)
        rules.apply(to: &result.rules)
        faqs.apply(to: &result.faqs)
        return result
    }
}

extension FieldChecks {
    /// A name as mentions have it.
    mutating func agentName(_ field: String, _ name: String) {
        let bytes = Array(name.utf8)
        let isLetter = { (byte: UInt8) in (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
        let isAllowed = { (byte: UInt8) in
            isLetter(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
        }
        guard (2...32).contains(bytes.count), isLetter(bytes[0]), bytes.allSatisfy(isAllowed) else {
            return add(
                field, "format", "must be a lower-case letter, then 1 to 31 lower-case letters, digits or hyphens")
        }
    }

    /// Text without control characters other than line breaks and tabs.
    mutating func plainText(_ field: String, _ text: String) {
        let isControl = { (scalar: Unicode.Scalar) in
            scalar.properties.generalCategory == .control && scalar != "\n" && scalar != "\t" && scalar != "\r"
                && scalar != "\0"
        }
        if text.unicodeScalars.contains(where: isControl) {
            add(field, "invalid", "must not contain control characters other than line breaks and tabs")
        }
    }

    mutating func temperature(_ field: String, _ value: Double?) {
        if let value, !(0...1).contains(value) { add(field, "out_of_range", "must be from 0 to 1") }
    }
}
