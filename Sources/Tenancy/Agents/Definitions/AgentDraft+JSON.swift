public import JSON

extension AgentDraft: JSONEncodable {
    /// Writes everything: what is kept of an agent's earlier versions.
    public func encode(into writer: inout JSONWriter) {
        writer.object {
            $0.field("name", name)
            $0.field("description", description)
            $0.field("instructions", instructions)
            $0.field("model", model)
            $0.field("temperature", temperature)
            $0.field("tools", tools)
            $0.field("active", active)
            $0.field("audience", audience.rawValue)
            $0.field("aliases", aliases)
            $0.field("rules", rules)
            $0.field("faqs", faqs)
        }
    }

    /// Reads what ``encode(into:)`` wrote; `nil` for anything else.
    public init?(_ json: JSONValue) {
        guard let name = json["name"]?.stringValue, let instructions = json["instructions"]?.stringValue,
            let audience = json["audience"]?.stringValue.flatMap(Audience.init(rawValue:)),
            let active = json["active"]?.boolValue
        else { return nil }
        func list(_ key: String) -> [JSONValue] { json[key]?.arrayValue ?? [] }
        self.init(
            name: name, description: json["description"]?.stringValue, instructions: instructions,
            model: json["model"]?.stringValue, temperature: json["temperature"]?.numberValue,
            tools: list("tools").compactMap(\.stringValue), active: active, audience: audience,
            aliases: list("aliases").compactMap(\.stringValue), rules: list("rules").compactMap { KeywordRule($0) },
            faqs: list("faqs").compactMap { FAQDraft($0) })
    }
}
