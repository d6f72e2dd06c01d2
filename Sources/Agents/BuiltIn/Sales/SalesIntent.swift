/// What a customer wants of the catalogue.
enum SalesIntent: String, Sendable, CaseIterable {
    case human, compare, list, price, buy, availability, details, hours, thanks, greeting

    /// Words that carry an intent, and words that carry nothing; what is left names the product.
    struct Reading: Sendable {
        var intent: SalesIntent?
        /// What is left, in order.
        var query: [String]
        /// Several things named, for a comparison.
        var parts: [[String]]
    }

    static func read(_ text: FoldedText) -> Reading {
        let tokens = text.words.prefix(100).flatMap { word in
            word.folded.split { !$0.isLetter && !$0.isNumber && $0 != "'" }.map(String.init)
        }
        let line = " " + tokens.joined(separator: " ") + " "
        let intent = allCases.first { $0.matches(line, tokens) }
        var parts: [[String]] = [[]]
        for token in tokens {
            if separators.contains(token) {
                parts.append([])
            } else if !fillers.contains(token), !allWords.contains(token) {
                parts[parts.count - 1].append(token)
            }
        }
        parts.removeAll(where: \.isEmpty)
        return Reading(intent: intent, query: parts.flatMap { $0 }, parts: parts)
    }

    /// Whether a word says nothing about which product is meant.
    static func isFiller(_ word: String) -> Bool { fillers.contains(word) || separators.contains(word) }

    private func matches(_ line: String, _ tokens: [String]) -> Bool {
        // "I want to know …" buys nothing.
        if self == .buy, tokens.contains(where: { $0 == "know" || $0 == "saber" }) { return false }
        if Self.phrases[self]?.contains(where: { line.contains(" \($0) ") }) ?? false { return true }
        guard let words = Self.words[self] else { return false }
        return tokens.contains { words.contains($0) }
    }

    private static let separators: Set<String> = ["and", "y", "vs", "versus", "or", "o", "with", "con"]

    private static let phrases: [SalesIntent: [String]] = [
        .human: [
            "talk to someone", "speak to someone", "real person", "a person", "a human", "customer service",
            "talk to a",
            "speak with", "hablar con", "una persona", "un humano", "alguien real", "atencion al cliente",
        ],
        .price: [
            "how much", "what does it cost", "what do you charge", "que precio", "cuanto cuesta", "cuanto vale",
            "a como",
        ],
        .availability: [
            "do you have", "do you sell", "have you got", "is there", "are there", "in stock", "got any", "hay",
        ],
        .list: [
            "what do you sell", "what do you offer", "what products", "which products", "all products", "your products",
            "what do you have", "what have you got", "show me everything", "que venden", "que vendes", "que ofrecen",
            "que ofreces",
            "que productos", "que tienen", "que tienes", "todos los productos", "sus productos", "tus productos",
        ],
        .details: [
            "tell me about", "tell me more", "more about", "what is", "what's", "hablame de", "mas sobre", "que es",
            "cuentame de",
        ],
        .buy: [
            "i want", "i would like", "i'd like", "i'll take", "sign me up", "me lo llevo", "me la llevo", "lo quiero",
            "la quiero",
        ],
        .compare: ["which is better", "difference between", "diferencia entre", "cual es mejor"],
        .hours: ["opening hours", "are you open", "where are you", "donde estan", "a que hora"],
        .greeting: ["good morning", "good afternoon", "good evening", "buenos dias", "buenas tardes", "buenas noches"],
    ]

    private static let words: [SalesIntent: Set<String>] = [
        .human: ["human", "humano", "representative", "asesor", "asesora"],
        .compare: ["compare", "comparison", "vs", "versus", "compara", "comparar", "comparame"],
        .buy: ["buy", "order", "purchase", "comprar", "compro", "pedir", "encargar", "quiero", "quisiera"],
        .list: ["catalog", "catalogue", "products", "list", "menu", "catalogo", "productos", "lista"],
        .price: [
            "price", "prices", "cost", "costs", "pricing", "precio", "precios", "cuesta", "cuestan", "cuanto", "vale",
            "valen",
        ],
        .availability: [
            "available", "availability", "stock", "tienes", "tienen", "tiene", "disponible", "disponibles", "venden",
            "vendes",
        ],
        .details: [
            "details", "detail", "describe", "description", "info", "information", "detalles", "informacion",
            "descripcion",
        ],
        .hours: ["hours", "address", "location", "horario", "horarios", "direccion", "ubicacion"],
        .thanks: ["thanks", "thank", "thx", "gracias"],
        .greeting: ["hi", "hello", "hey", "hola", "buenas"],
    ]

    private static let allWords = words.values.reduce(into: Set<String>()) { $0.formUnion($1) }

    private static let fillers: Set<String> = Set(
        """
        a an the of for is are be it its this that these those to in on at do does did you your yours we i me my \
        can could would will should please how much many what what's which who there here have has had got any \
        some one about tell show give get know need want wants like i'd i'll looking look search find sell selling \
        offer charge more than from between better difference ok okay so just also hey right now today see let us \
        open where are when take sign up morning afternoon evening good all everything el la los las lo un una \
        unos unas de del que cual cuales es son esta este estos estas ese esa para por al a en su sus tu tus mi \
        mis me te se le nos si hay hacer puede puedes podria favor ver busco buscando necesito tengo dame dime \
        muestrame ensename hablame cuentame sobre mas como cuanta cuantos cuantas donde estan hora llevo mejor \
        entre diferencia ofrecen ofreces todos todas todo dias tardes noches buenos you're u ur
        """.split(separator: " ").map(String.init))
}
