import Foundation
import JSON

/// Asks for what an order needs, one thing at a time, and drafts it for a person to confirm.
struct SalesOrder {
    let turn: AgentTurn
    let language: Language
    let words: SalesPhrases

    private static let cancelWords: Set<String> = [
        "no", "no thanks", "no gracias", "cancel", "cancel it", "cancela", "cancelar", "stop", "never mind",
        "nevermind", "nothing", "nada", "dejalo", "olvidalo",
    ]

    /// Begins with a product.
    func start(_ product: CatalogEntry, quantity: Int64?) async throws -> AgentAnswer {
        let form = OrderForm(product, quantity: quantity)
        guard quantity == nil else { return try await draft(form, contact: nil) }
        return ask(form, .quantity, words.framedOpening(words.howMany(product)))
    }

    /// Goes on with the answer to a question; nil when the text is something else.
    func resume(_ form: OrderForm, _ text: FoldedText) async throws -> AgentAnswer? {
        if Self.cancelWords.contains(text.line) {
            return done([words.fine, words.closing].joined(separator: " "), "decline")
        }
        var form = form
        switch form.asks {
        case .quantity:
            guard let quantity = OrderForm.quantity(in: text) else { return missed(form, text, words.howManyAgain) }
            form.quantity = quantity
            return try await draft(form, contact: nil)
        case .name:
            guard let name = OrderForm.name(in: text) else { return missed(form, text, words.yourName) }
            form.name = name
            return ask(form, .contact, words.yourContact)
        case .contact:
            guard let contact = OrderForm.contact(in: text) else { return missed(form, text, words.yourContact) }
            return try await draft(form, contact: contact)
        }
    }

    private func draft(_ form: OrderForm, contact: String?) async throws -> AgentAnswer {
        var arguments: JSONObject = [
            "items": [["product": .string(form.productId), "quantity": .integer(form.quantity ?? 1)]]
        ]
        arguments["name"] = form.name.map { .string($0) }
        arguments["contact"] = contact.map { .string($0) }
        do {
            let json = try await turn.tools.call("order_draft", arguments)
            if json["needs"]?.stringValue == "contact" {
                return form.name == nil ? ask(form, .name, words.yourName) : ask(form, .contact, words.yourContact)
            }
            let total = json["totals"]?.arrayValue?.first
            let price = total.flatMap { total in
                total["totalCents"]?.integerValue.map {
                    Money(cents: $0, currency: total["currency"]?.stringValue ?? "")
                }
            }
            return done(words.framed(words.ordered(form.quantity ?? 1, form.productName, price)), "order")
        } catch ToolError.notFound {
            return done(words.unknown([]), "unknown")
        }
    }

    /// An answer that does not fit is asked for once more; another question, or a second miss, ends the form.
    private func missed(_ form: OrderForm, _ text: FoldedText, _ question: String) -> AgentAnswer? {
        guard SalesIntent.read(text).intent == nil, form.misses < 1 else { return nil }
        var form = form
        form.misses += 1
        return ask(form, form.asks, question)
    }

    private func ask(_ form: OrderForm, _ slot: OrderForm.Slot, _ text: String) -> AgentAnswer {
        var form = form
        if form.asks != slot { form.misses = 0 }
        form.asks = slot
        var answer = done(text, "order")
        answer.memory.pending = PendingQuestion(
            skill: OrderForm.skill, note: form.note, language: language, askedAt: turn.now)
        return answer
    }

    private func done(_ text: String, _ skill: String) -> AgentAnswer {
        var memory = turn.memory
        memory.pending = nil
        memory.misses = 0
        var answer = AgentAnswer(text, memory: memory, confidence: 1)
        answer.complete(skill: skill, confidence: 1)
        return answer
    }
}
