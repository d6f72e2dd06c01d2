import Foundation
import JSON

/// `@sales`: answers questions about the company's catalogue, for customers and members, in the company's voice.
public struct SalesAgent: Agent {
    /// How the registry lists it.
    public let profile: AgentProfile
    /// The catalogue, quotes and stock, what the company says of itself, leads and orders, the call for a person.
    public let tools: [any Tool]

    /// The agent on these tools, all that ``AgentRegistry/standard(_:cache:)`` gives it among them.
    public init(tools: [any Tool]) {
        self.tools = tools
        profile = AgentProfile(
            name: "sales", description: "Finds the company's products with price and description.", audience: .both,
            // Those for appointments it holds where the company takes some.
            tools: tools.map(\.name).filter { $0 != CalSlotsTool.toolName && $0 != CalRequestTool.toolName },
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
        if let resumed = try await resume(turn, text) {
            answer = resumed
        } else {
            answer = try await SalesTurn(turn, turn.language(nil)).answer(text)
        }
        if !PriceGrounding.isGrounded(answer.text, in: turn.tools.results) {
            let words = SalesPhrases(voice: turn.voice, language: turn.language(nil), company: turn.companyName)
            answer = AgentAnswer(words.withoutPrices, memory: turn.memory, confidence: 0)
            answer.complete(skill: "ungrounded", confidence: 0)
        }
        return answer
    }

    /// The answer to a question that was asked, and the call for a person.
    public func exactAnswer(_ turn: AgentTurn) async throws -> AgentAnswer? {
        let text = FoldedText(turn.instruction)
        if let question = turn.memory.pending, question.isOpen(at: turn.now) {
            if question.skill == BookingForm.skill, let answer = try await resume(turn, text) { return answer }
            // The next step of an order takes any text.
            let isStep = question.skill == OrderForm.skill && OrderForm(question.note) != nil
            if question.skill != BookingForm.skill, isStep || PendingReply.read(text, for: question) != nil {
                return try await answer(turn)
            }
        }
        return SalesIntent.read(text).intent == .human ? try await answer(turn) : nil
    }

    /// The answer to what a pending question was answered; nil when there is none, or the text is something else.
    private func resume(_ turn: AgentTurn, _ text: FoldedText) async throws -> AgentAnswer? {
        guard let question = turn.memory.pending, question.isOpen(at: turn.now) else { return nil }
        let sales = SalesTurn(turn, question.language)
        if question.skill == OrderForm.skill {
            if SalesIntent.read(text).intent == .human { return nil }
            guard let form = OrderForm(question.note) else { return nil }
            return try await sales.resume(form, text)
        }
        if question.skill == BookingForm.skill {
            if SalesIntent.read(text).intent == .human { return nil }
            return try await BookingTurn(turn, question.language)?.resume(question, text)
        }
        guard let reply = PendingReply.read(text, for: question) else { return nil }
        return try await sales.resume(question, reply)
    }
}
