public import JSON

/// What a company's own agent answers when certain words occur, without a model.
public struct KeywordRule: Sendable, Hashable {
    /// Words or phrases of several words, 1 to 20, each up to 60 characters. Case and accents do not matter.
    public var keywords: [String]
    /// Whether all have to occur; otherwise one is enough.
    public var all: Bool
    /// What is said, up to 2,000 characters.
    public var answer: String
    /// Whether a person is called too.
    public var handoff: Bool

    /// How many rules an agent may have.
    public static let maximumCount = 50

    /// A rule.
    public init(keywords: [String], all: Bool = false, answer: String, handoff: Bool = false) {
        self.keywords = keywords
        self.all = all
        self.answer = answer
        self.handoff = handoff
    }

    /// Reads what ``encode(into:)`` writes; `nil` for anything else.
    public init?(_ json: JSONValue) {
        guard let keywords = json["keywords"]?.arrayValue?.compactMap(\.stringValue),
            let answer = json["answer"]?.stringValue
        else { return nil }
        self.init(
            keywords: keywords, all: json["all"]?.boolValue ?? false, answer: answer,
            handoff: json["handoff"]?.boolValue ?? false)
    }
}

extension KeywordRule: JSONEncodable {
    /// Writes `{keywords, all, answer, handoff}`.
    public func encode(into writer: inout JSONWriter) {
        writer.object {
            $0.field("keywords", keywords)
            $0.field("all", all)
            $0.field("answer", answer)
            $0.field("handoff", handoff)
        }
    }
}

extension FieldChecks {
    mutating func rules(_ field: String, _ rules: [KeywordRule]) {
        if rules.count > KeywordRule.maximumCount {
            add(field, "too_long", "must have at most \(KeywordRule.maximumCount) rules")
        } else if rules.encoded.count > 65_536 {
            add(field, "too_long", "must have at most 65536 bytes as JSON")
        }
        for (place, rule) in rules.prefix(KeywordRule.maximumCount).enumerated() {
            if !(1...20).contains(rule.keywords.count) {
                add("\(field)[\(place)].keywords", "out_of_range", "must have from 1 to 20 keywords")
            }
            for (word, keyword) in rule.keywords.prefix(20).enumerated() {
                text("\(field)[\(place)].keywords[\(word)]", keyword, 1...60)
            }
            text("\(field)[\(place)].answer", rule.answer, 1...2000)
        }
    }
}
