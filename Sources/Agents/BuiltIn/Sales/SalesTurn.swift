import Foundation
import JSON

/// One answer of `@sales`: intent, look-up, decision, words.
struct SalesTurn {
    static let listed = 8
    private let turn: AgentTurn
    private let language: Language
    private let words: SalesPhrases

    init(_ turn: AgentTurn, _ language: Language) {
        self.turn = turn
        self.language = language
        words = SalesPhrases(voice: turn.voice, language: language, company: turn.companyName)
    }

    func answer(_ text: FoldedText) async throws -> AgentAnswer {
        let reading = SalesIntent.read(text)
        let intent = reading.intent
        if intent == .human { return try await callPerson("asked") }
        if let answer = try await BookingTurn(turn, language)?.answer(text) { return answer }
        if let topic = SalesTopic.read(text), let answer = try await about(topic, reading.query) { return answer }
        let isEmpty = text.words.isEmpty
        if CompanyAgentTurn.isHelp(text) { return done(words.help, "help", 0) }
        if reading.query.isEmpty { return try await answerWithoutProduct(intent, isEmpty: isEmpty) }
        if intent == .compare, reading.parts.count > 1 { return try await compare(reading.parts) }
        if intent == .hours { return try await fromQuestions() ?? done(words.askPerson, "hours", 0) }
        return try await find(reading.query, intent ?? .details)
    }

    /// What the company says about itself, unless the words rather name a product; nil when it says nothing.
    private func about(_ topic: SalesTopic, _ query: [String]) async throws -> AgentAnswer? {
        if !query.isEmpty, let best = try await ranked(query).first, best.score >= CatalogMatch.sure { return nil }
        let json = try await turn.tools.call("company_info", ["topic": .string(topic.rawValue)])
        guard let text = json["text"]?.stringValue, !text.isEmpty else { return try await fromQuestions() }
        return done(words.framed(text), topic.rawValue, 0.6, misses: 0)
    }

    /// The company's answer to a question that is asked often; nil when none fits.
    private func fromQuestions() async throws -> AgentAnswer? {
        let found = try await QuestionMatch.ranked(turn, language)
        guard let best = found.first, best.score >= TextMatch.sure else { return nil }
        if found.count > 1, best.score - found[1].score < TextMatch.lead { return nil }
        return done(best.answer, "faq", 0.6, misses: 0)
    }

    func resume(_ question: PendingQuestion, _ reply: PendingReply) async throws -> AgentAnswer {
        switch reply {
        case .yes, .no, .value: return done(words.fine + " " + words.closing, "decline", 1, misses: 0)
        case .option(let option):
            do {
                let json = try await turn.tools.call("catalog_get", ["id": .string(option.value)])
                guard let product = CatalogEntry(json) else { throw ToolError.notFound }
                return try await answer(product, SalesIntent(rawValue: question.note) ?? .details, 1)
            } catch ToolError.notFound {
                return done(words.unknown([]), "unknown", 0)
            }
        }
    }

    /// Nothing in the question names a product.
    private func answerWithoutProduct(_ intent: SalesIntent?, isEmpty: Bool) async throws -> AgentAnswer {
        switch intent {
        case .thanks: return done(words.welcome, "thanks", 0.6)
        case .greeting: return done(words.greeting, "greeting", 0.6)
        case .hours: return try await fromQuestions() ?? done(words.askPerson, "hours", 0)
        case .price, .details, .buy, .availability:
            // "How much is it?" speaks of the one product that was shown last.
            if turn.memory.list.count == 1, let item = turn.memory.item(1, at: turn.now), let intent {
                let json = try? await turn.tools.call("catalog_get", ["id": .string(item.value)])
                if let product = json.flatMap({ CatalogEntry($0) }) { return try await answer(product, intent, 0.6) }
            }
            return try await list()
        case .list, .compare: return try await list()
        case .human, nil:
            if !isEmpty, let answer = try await fromQuestions() { return answer }
            return done(words.help, "help", 0)
        }
    }

    private func find(_ query: [String], _ intent: SalesIntent) async throws -> AgentAnswer {
        var ranked = try await ranked(query)
        var quantity: Int64?
        if intent == .buy, let number = query.first(where: { OrderForm.number($0) != nil }),
            ranked.first.map({ !CatalogMatch.words($0.product.name).contains(number) }) ?? true
        {
            // "2 kayaks": the number is no part of the name.
            quantity = OrderForm.number(number)
            let rest = query.filter { $0 != number }
            if !rest.isEmpty { ranked = try await self.ranked(rest) }
        }
        guard let best = ranked.first, best.score >= CatalogMatch.known else {
            if let answer = try await fromQuestions() { return answer }
            return try await unknown(query, ranked.map(\.product))
        }
        let second = ranked.count > 1 ? ranked[1].score : 0
        if best.score >= CatalogMatch.sure, best.score - second >= CatalogMatch.lead {
            return try await answer(best.product, intent, best.score > 1 ? 1 : 0.6, quantity: quantity)
        }
        if best.score < CatalogMatch.sure, let answer = try await fromQuestions() { return answer }
        let near = ranked.filter { $0.score >= CatalogMatch.known && $0.score > best.score - 0.3 }.map(\.product)
        if intent == .list { return choice(Array(near.prefix(Self.listed)), .details, words.offered, "list") }
        if near.count == 1, let only = near.first { return try await answer(only, intent, 0.6, quantity: quantity) }
        return choice(Array(near.prefix(3)), intent, words.whichOne, "choice")
    }

    private func ranked(_ query: [String]) async throws -> [(product: CatalogEntry, score: Double)] {
        let question = String(query.joined(separator: " ").prefix(CatalogTools.longestQuery))
        let json = try await turn.tools.call("catalog_search", ["query": .string(question), "max": 20])
        return CatalogEntry.entries(json).map { ($0, CatalogMatch.score($0, query)) }
            .enumerated().sorted { ($0.element.1, -$0.offset) > ($1.element.1, -$1.offset) }.map(\.element)
    }

    private func answer(
        _ product: CatalogEntry, _ intent: SalesIntent, _ confidence: Double, quantity: Int64? = nil
    ) async throws -> AgentAnswer {
        let body: String
        switch intent {
        case .price: body = words.price(product)
        case .availability: body = words.available(product, stock: try await stock(of: product))
        case .buy: return try await order.start(product, quantity: quantity)
        default: body = words.details(product)
        }
        var answer = done(words.framed(body), intent.rawValue, confidence, misses: 0)
        answer.memory.keep([product.option], at: turn.now)
        return answer
    }

    /// How many are left, where the company keeps count.
    private func stock(of product: CatalogEntry) async throws -> Int64? {
        try await turn.tools.call("stock_check", ["product": .string(product.id)])["stock"]?.integerValue
    }

    private var order: SalesOrder { SalesOrder(turn: turn, language: language, words: words) }

    /// Goes on with an order that is being asked for; nil when the text is something else.
    func resume(_ form: OrderForm, _ text: FoldedText) async throws -> AgentAnswer? {
        try await order.resume(form, text)
    }

    private func choice(
        _ products: [CatalogEntry], _ intent: SalesIntent, _ lead: String, _ skill: String
    ) -> AgentAnswer {
        var answer = done(words.opening + " " + lead + "\n" + words.numbered(products), skill, 0.6, misses: 0)
        ask(products, intent, &answer)
        return answer
    }

    private func ask(_ products: [CatalogEntry], _ intent: SalesIntent, _ answer: inout AgentAnswer) {
        answer.memory.pending = PendingQuestion(
            skill: "choice", options: products.map(\.option), note: intent.rawValue, language: language,
            askedAt: turn.now)
        answer.memory.keep(products.map(\.option), at: turn.now)
    }

    private func list() async throws -> AgentAnswer {
        let json = try await turn.tools.call("catalog_list", ["max": .integer(Int64(Self.listed))])
        let products = CatalogEntry.entries(json)
        guard !products.isEmpty else { return done(words.emptyCatalogue, "list", 1) }
        var answer = choice(products, .details, words.offered, "list")
        answer.confidence = 1
        return answer
    }

    private func compare(_ parts: [[String]]) async throws -> AgentAnswer {
        var products: [CatalogEntry] = []
        for part in parts.prefix(4) {
            guard let best = try await ranked(part).first, best.score >= CatalogMatch.sure else {
                return try await unknown(part, [])
            }
            if !products.contains(best.product) { products.append(best.product) }
        }
        var answer = done(words.framed(words.compared(products)), "compare", 0.6, misses: 0)
        answer.memory.keep(products.map(\.option), at: turn.now)
        return answer
    }

    /// The closest three, or a person; the second miss in a row calls one.
    private func unknown(_ query: [String], _ near: [CatalogEntry]) async throws -> AgentAnswer {
        let misses = turn.memory.misses + 1
        if misses >= 2 { return try await callPerson("could not find what was asked for twice") }
        var closest = near
        if closest.count < 3 {
            let all = CatalogEntry.entries(try await turn.tools.call("catalog_list", ["max": 50]))
            let asked = query.joined(separator: " ")
            let alike = all.map { ($0, CatalogMatch.likeness($0.name, asked)) }.sorted { $0.1 > $1.1 }.map(\.0)
            closest += alike.filter { !closest.contains($0) }
        }
        closest = Array(closest.prefix(3))
        var answer = done(words.unknown(closest), "unknown", 0, misses: misses)
        if !closest.isEmpty { ask(closest, .details, &answer) }
        return answer
    }

    private func callPerson(_ reason: String) async throws -> AgentAnswer {
        _ = try await turn.tools.call("handoff_to_human", ["reason": .string(String(reason.prefix(200)))])
        var answer = done(words.person, "handoff", 1, misses: 0)
        answer.wantsPerson = true
        return answer
    }

    private func done(_ text: String, _ skill: String, _ confidence: Double, misses: Int? = nil) -> AgentAnswer {
        var memory = turn.memory
        memory.pending = nil
        if let misses { memory.misses = misses }
        var answer = AgentAnswer(text, memory: memory, confidence: confidence)
        answer.complete(skill: skill, confidence: confidence)
        return answer
    }
}
