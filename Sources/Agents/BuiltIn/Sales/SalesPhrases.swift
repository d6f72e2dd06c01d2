/// The words of `@sales`, in the company's voice.
struct SalesPhrases {
    let voice: BrandVoice
    let language: Language
    let company: String

    private func say(_ english: String, _ spanish: String) -> String { language == .spanish ? spanish : english }
    private func say(_ english: String, tu: String, usted: String) -> String {
        language == .spanish ? (voice.address == .usted ? usted : tu) : english
    }
    private var sign: String {
        guard voice.emoji == .few else { return "" }
        switch voice.tone {
        case .formal, .friendly: return " 🙂"
        case .playful: return " 🎉"
        case .premium: return " ✨"
        }
    }

    /// The line an answer begins with.
    var opening: String {
        switch voice.tone {
        case .formal: say("Certainly.", "Con gusto.") + sign
        case .friendly: say("Sure!", "¡Claro!") + sign
        case .playful: say("Ooh, good one!", "¡Qué buena elección!") + sign
        case .premium: say("With pleasure.", "Será un placer.") + sign
        }
    }

    /// The line an answer ends with.
    var closing: String {
        switch voice.tone {
        case .formal:
            say(
                "Please let me know if you need any further information.",
                tu: "Quedo a tu disposición para cualquier consulta.",
                usted: "Quedo a su disposición para cualquier consulta.")
        case .friendly:
            say("Anything else I can help you with?", tu: "¿Te ayudo con algo más?", usted: "¿Le ayudo con algo más?")
        case .playful: say("What else can I dig up for you?", tu: "¿Qué más te busco?", usted: "¿Qué más le busco?")
        case .premium:
            say(
                "It would be a pleasure to assist you further.",
                tu: "Estaré encantado de seguir atendiéndote.", usted: "Estaré encantado de seguir atendiéndole.")
        }
    }

    func framed(_ body: String) -> String { [opening, body, closing].joined(separator: "\n") }

    func price(_ product: CatalogEntry) -> String {
        withDescription(
            say("\(product.name) costs \(text(product.price)).", "\(product.name) cuesta \(text(product.price))."),
            product)
    }

    func available(_ product: CatalogEntry) -> String {
        withDescription(
            say(
                "Yes, we have \(product.name), at \(text(product.price)).",
                "Sí, tenemos \(product.name), a \(text(product.price))."),
            product)
    }

    func details(_ product: CatalogEntry) -> String {
        withDescription("\(product.name) · \(text(product.price))", product)
    }

    func purchase(_ product: CatalogEntry) -> String {
        withDescription("\(product.name) · \(text(product.price))", product) + "\n" + offerToOrder
    }

    private func withDescription(_ line: String, _ product: CatalogEntry) -> String {
        let description = product.shortDescription(400)
        return description.isEmpty ? line : line + "\n" + description
    }

    func line(_ product: CatalogEntry) -> String { "\(product.name) · \(text(product.price))" }

    func numbered(_ products: [CatalogEntry]) -> String {
        products.enumerated().map { "\($0.offset + 1). \(line($0.element))" }.joined(separator: "\n")
    }

    func compared(_ products: [CatalogEntry]) -> String {
        products.map { product in
            let description = product.shortDescription(200)
            return "• " + line(product) + (description.isEmpty ? "" : "\n  " + description)
        }.joined(separator: "\n")
    }

    func text(_ price: Money) -> String { price.text(language) }

    private var offerToOrder: String {
        say(
            "Shall I bring in a person to complete the order? Answer yes or no.",
            tu: "¿Quieres que una persona complete el pedido contigo? Responde sí o no.",
            usted: "¿Desea que una persona complete el pedido con usted? Responda sí o no.")
    }
    var whichOne: String {
        say(
            "Which one do you mean? Answer with its number.",
            tu: "¿Cuál quieres decir? Responde con su número.", usted: "¿A cuál se refiere? Responda con su número.")
    }
    var offered: String {
        say(
            "This is what we have. A number tells you more.",
            tu: "Esto es lo que tenemos. Con un número te cuento más.",
            usted: "Esto es lo que tenemos. Con un número le cuento más.")
    }
    func unknown(_ closest: [CatalogEntry]) -> String {
        let sorry = say("I can't find that in our catalogue.", "No encuentro eso en nuestro catálogo.")
        guard !closest.isEmpty else { return sorry + "\n" + orPerson }
        return [sorry + " " + say("Closest:", "Lo más parecido:"), numbered(closest), orPerson].joined(separator: "\n")
    }
    private var orPerson: String {
        say(
            "Or say \"human\" and a person will help you.",
            tu: "O di \"humano\" y te ayudará una persona.", usted: "O diga \"humano\" y le ayudará una persona.")
    }
    var emptyCatalogue: String {
        say("There is nothing in our catalogue yet.", "Todavía no hay nada en nuestro catálogo.") + " " + orPerson
    }
    var person: String {
        say(
            "I'm asking a person of our team to answer you here.",
            tu: "Aviso a una persona de nuestro equipo para que te responda aquí.",
            usted: "Aviso a una persona de nuestro equipo para que le responda aquí.")
    }
    var fine: String { say("All right.", "De acuerdo.") }
    var askPerson: String {
        say("I don't know that, but a person of our team does.", "Eso no lo sé, pero una persona de nuestro equipo sí.")
            + " " + orPerson
    }
    var welcome: String {
        say("You're welcome!", "¡De nada!") + sign
    }
    var greeting: String {
        let hello =
            voice.tone == .formal || voice.tone == .premium ? say("Good day.", "Buenos días.") : say("Hello!", "¡Hola!")
        return hello + sign + " "
            + say(
                "Ask me for a product or its price.",
                tu: "Pregúntame por un producto o su precio.", usted: "Pregúnteme por un producto o su precio.")
    }
    var help: String {
        greeting + "\n"
            + say(
                "For example: \"how much is …\", \"do you have …\", \"compare … and …\", \"list\".",
                "Por ejemplo: \"cuánto cuesta …\", \"tienen …\", \"compara … y …\", \"lista\".")
    }
    /// Instead of an answer that stated an amount no tool returned.
    var withoutPrices: String {
        say("Let me check that before I name a price.", "Déjeme comprobarlo antes de darle un precio.") + " " + orPerson
    }
}
