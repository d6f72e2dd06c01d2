import Foundation
import JSON

/// `@sales`: answers questions about the company's catalogue, for customers and members, in the company's voice.
public struct SalesAgent: Agent {
    /// How the registry lists it.
    public let profile: AgentProfile
    /// Search, list and get of the catalogue, and the call for a person.
    public let tools: [any Tool]

    /// The agent on these tools, `catalog_search`, `catalog_list`, `catalog_get` and `handoff_to_human` among them.
    public init(tools: [any Tool]) {
        self.tools = tools
        profile = AgentProfile(
            name: "sales", description: "Finds the company's products with price and description.", audience: .both,
            tools: tools.map(\.name),
            examples: [.english: "@sales how much is …", .spanish: "@sales cuánto cuesta …"],
            keywords: [
                "price", "cost", "buy", "product", "sell", "catalog", "precio", "cuesta", "comprar", "producto",
                "catalogo",
            ])
    }

    /// Answers one instruction.
    public func answer(_ turn: AgentTurn) async throws -> AgentAnswer {
        let text = FoldedText(turn.instruction)
        var answer: AgentAnswer
        if let question = turn.memory.pending, question.isOpen(at: turn.now),
            let reply = PendingReply.read(text, for: question)
        {
            answer = try await SalesTurn(turn, question.language).resume(question, reply)
        } else {
            answer = try await SalesTurn(turn, turn.language(nil)).answer(
                SalesIntent.read(text), isEmpty: text.words.isEmpty)
        }
        if !PriceGrounding.isGrounded(answer.text, in: turn.tools.results) {
            let words = SalesPhrases(voice: turn.voice, language: turn.language(nil), company: turn.companyName)
            answer = AgentAnswer(words.withoutPrices, memory: turn.memory, confidence: 0)
            answer.complete(skill: "ungrounded", confidence: 0)
        }
        return answer
    }
}
