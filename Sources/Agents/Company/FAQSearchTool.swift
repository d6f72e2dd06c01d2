public import Foundation
public import JSON
public import Tenancy

/// `faq_search`: the company's questions and answers that fit, and those of one of its agents.
public struct FAQSearchTool: Tool {
    /// `faq_search`.
    public let name = "faq_search"
    /// What it does.
    public let description = "Finds answers the company wrote to questions that are asked often."
    /// Reads what the company shows to anybody.
    public let effect = ToolEffect.catalogRead
    /// `query` and `max`.
    public let schema = ToolSchema(
        .init("query", .text(maximum: 500), "The question, or words of it"),
        .init("max", .integer(1...20), "How many at most", isRequired: false))
    private let faqs: FAQStore
    private let agentId: UUID?

    /// The tool on a store.
    /// - Parameter agentId: an agent whose own questions are looked at too.
    public init(_ faqs: FAQStore, agentId: UUID? = nil) {
        self.faqs = faqs
        self.agentId = agentId
    }

    /// Answers `{faqs: [{question, answer, language}]}`, best first.
    public func run(_ scope: ToolScope, _ arguments: JSONObject) async throws -> JSONValue {
        let limit = arguments["max"]?.integerValue.flatMap { Int(exactly: $0) } ?? 10
        let found = try await faqs.search(
            scope.tenant, arguments["query"]?.stringValue ?? "", agentId: agentId, limit: limit)
        return ["faqs": .array(found.map { Self.json($0.content) })]
    }

    private static func json(_ faq: FAQDraft) -> JSONValue {
        [
            "question": .string(faq.question), "answer": .string(faq.answer),
            "language": faq.language.map { .string($0) } ?? .null,
        ]
    }

    /// This tool for one agent.
    func scoped(to agentId: UUID) -> FAQSearchTool { FAQSearchTool(faqs, agentId: agentId) }
}
