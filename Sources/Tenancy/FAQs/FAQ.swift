public import Foundation
public import JSON

/// What somebody says about a question and its answer.
public struct FAQDraft: Sendable, Hashable {
    /// The question, 1 to 300 characters.
    public var question: String
    /// The answer, 1 to 2,000 characters, said as it stands.
    public var answer: String
    /// `en` or `es`; `nil` for a text that fits every language.
    public var language: String?

    /// How many questions one list may have.
    public static let maximumCount = 100
    /// How many bytes one list may have as JSON.
    public static let maximumBytes = 131_072
    /// The languages a question may be marked with.
    public static let languages = ["en", "es"]

    /// A question and its answer.
    public init(question: String, answer: String, language: String? = nil) {
        self.question = question
        self.answer = answer
        self.language = language
    }

    /// Reads `{question, answer, language}`; `nil` for anything else.
    public init?(_ json: JSONValue) {
        guard let question = json["question"]?.stringValue, let answer = json["answer"]?.stringValue else { return nil }
        self.init(question: question, answer: answer, language: json["language"]?.stringValue)
    }
}

extension FAQDraft: JSONEncodable {
    /// Writes `{question, answer, language}`.
    public func encode(into writer: inout JSONWriter) {
        writer.object {
            $0.field("question", question)
            $0.field("answer", answer)
            $0.field("language", language)
        }
    }
}

/// A question that is asked often, with its answer: one agent's, or the whole company's.
public struct FAQ: Sendable, Hashable {
    /// Its id.
    public let id: UUID
    /// The agent whose it is; `nil` for the company's.
    public let agentId: UUID?
    /// Question, answer and language.
    public let content: FAQDraft
}

extension FieldChecks {
    /// A list of questions and answers.
    mutating func questions(_ field: String, _ list: [FAQDraft]) {
        if list.count > FAQDraft.maximumCount {
            add(field, "too_long", "must have at most \(FAQDraft.maximumCount) questions")
        } else if list.encoded.count > FAQDraft.maximumBytes {
            add(field, "too_long", "must have at most \(FAQDraft.maximumBytes) bytes as JSON")
        }
        for (place, faq) in list.prefix(FAQDraft.maximumCount).enumerated() {
            text("\(field)[\(place)].question", faq.question, 1...300)
            text("\(field)[\(place)].answer", faq.answer, 1...2000)
            if let language = faq.language, !FAQDraft.languages.contains(language) {
                add("\(field)[\(place)].language", "not_allowed", "must be one of en, es, or left out")
            }
        }
    }
}
