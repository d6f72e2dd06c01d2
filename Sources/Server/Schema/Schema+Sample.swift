import JSON

extension Schema {
    /// A value that fits this schema, for readers of the document: what the schema gives as an example, else
    /// something that people would write in a field of that name.
    ///
    /// - Parameters:
    ///   - direction: in requests, optional fields are left out unless they have an example of their own.
    ///   - field: the name of the field that the value stands in.
    func sample(in direction: Direction, field: String = "") -> JSONValue {
        if let example { return example }
        switch kind {
        case .string(let rules):
            if let words = rules.words { return .string(words.first ?? "") }
            return rules.format?.sample ?? Self.texts[field] ?? (nullable ? .null : "text")
        case .integer(let range): return .integer(max(range.lowerBound, min(range.upperBound, 1)))
        case .oneOf(let numbers): return .integer(numbers.first ?? 0)
        case .number(let range): return .number(max(range.lowerBound, min(range.upperBound, 1)))
        case .boolean: return true
        case .object(let fields):
            let shown = fields.filter {
                $0.isRequired || (direction == .request && ($0.schema.example != nil || Self.texts[$0.name] != nil))
            }
            return .object(JSONObject(shown.map { ($0.name, $0.schema.sample(in: direction, field: $0.name)) }))
        case .freeObject: return [:]
        case .array(let element, _): return [element.sample(in: direction, field: field)]
        case .any: return .null
        case .reference(let name):
            guard let component = Components.all.first(where: { $0.name == name }) else { return .null }
            return component.schema.sample(in: direction)
        }
    }

    private static let texts: [String: JSONValue] = [
        "name": "Ana Torres", "username": "ana", "companyName": "Ana's Roastery", "password": "correct horse battery",
        "currentPassword": "correct horse battery", "newPassword": "staple correct horse", "title": "12 week plan",
        "content": "@sales how much is the 12 week plan?", "reply": "The 12 week plan costs 89.00 EUR.",
        "industry": "Fitness", "brandPersonality": "Warm, short sentences.", "sku": "PLAN-12",
        "description": "Twelve weeks of training with a coach.", "externalId": "shop-4711",
        "widgetKey": "sb_pub_5a3c10…", "token": "eyJhbGciOiJIUzI1NiJ9…", "refreshToken": "sb_ref_5a3c10…",
        "key": "sb_pub_5a3c10…", "userAgent": "curl/8.5", "ip": "192.0.2.7", "agentName": "sales", "agent": "sales",
        "segment": "how much is the 12 week plan?", "nextCursor": .null, "version": "1.0.0", "state": "replied",
        "status": "active",
    ]
}

extension TextFormat {
    /// Text of this form.
    fileprivate var sample: JSONValue {
        switch self {
        case .email: "ana@example.com"
        case .uuid: "0197a6c2-1b7e-7d3a-9c52-8e4f60b1d2a3"
        case .dateTime: "2026-01-31T08:00:00.000Z"
        case .agentName: "sales"
        case .currency: "EUR"
        case .phone: "+34 600 000 000"
        case .url: "https://example.com/"
        }
    }
}
