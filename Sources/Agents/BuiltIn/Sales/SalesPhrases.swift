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
    var opening: String { voice.allowed(tonedOpening) }

    private var tonedOpening: String {
        switch voice.tone {
        case .formal: say("Certainly.", "Con gusto.") + sign
        case .friendly: say("Sure!", "¡Claro!") + sign
        case .playful: say("Ooh, good one!", "¡Qué buena elección!") + sign
        case .premium: say("With pleasure.", "Será un placer.") + sign
        }
    }

    /// The line an answer ends with.
    var closing: String { voice.allowed(voice.closing ?? tonedClosing) }

    private var tonedClosing: String {
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

    func framed(_ body: String) -> String {
        [opening, body, closing, voice.allowed(voice.signature ?? "")].filter { !$0.isEmpty }.joined(separator: "\n")
    }

    func price(_ product: CatalogEntry) -> String {
        withDescription(
            say("\(product.name) costs \(text(product.price)).", "\(product.name) cuesta \(text(product.price))."),
            product)
    }

    /// - Parameter stock: how many are left; nil where nobody counts.
    func available(_ product: CatalogEntry, stock: Int64?) -> String {
        if let stock, stock <= 0 {
            return withDescription(
                say("\(product.name) is sold out at the moment.", "\(product.name) está agotado en este momento."),
                product)
        }
        let left = stock.map { say(" (\($0) in stock)", " (quedan \($0))") } ?? ""
        return withDescription(
            say(
                "Yes, we have \(product.name)\(left), at \(text(product.price)).",
                "Sí, tenemos \(product.name)\(left), a \(text(product.price))."),
            product)
    }

    func details(_ product: CatalogEntry) -> String {
        withDescription("\(product.name) · \(text(product.price))", product)
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

    func framedOpening(_ body: String) -> String { [opening, body].filter { !$0.isEmpty }.joined(separator: "\n") }

    func howMany(_ product: CatalogEntry) -> String {
        withDescription(line(product), product) + "\n" + howManyAgain
    }

    var howManyAgain: String {
        say(
            "How many would you like? Answer with a number, or \"cancel\".",
            tu: "¿Cuántas unidades quieres? Responde con un número, o \"cancelar\".",
            usted: "¿Cuántas unidades desea? Responda con un número, o \"cancelar\".")
    }
    var yourName: String {
        say("What is your name?", tu: "¿Cómo te llamas?", usted: "¿Cuál es su nombre?")
    }
    var yourContact: String {
        say(
            "Which e-mail address or phone number can we reach you at?",
            tu: "¿En qué correo o teléfono podemos contactarte?",
            usted: "¿En qué correo o teléfono podemos contactarle?")
    }

    func ordered(_ quantity: Int64, _ name: String, _ total: Money?) -> String {
        let price = total.map { say(" for \(text($0))", " por \(text($0))") } ?? ""
        return say(
            "I noted your order: \(quantity) × \(name)\(price). A person of our team will confirm it.",
            tu: "He anotado tu pedido: \(quantity) × \(name)\(price). Una persona de nuestro equipo lo confirmará.",
            usted: "He anotado su pedido: \(quantity) × \(name)\(price). Una persona de nuestro equipo lo confirmará.")
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
    var orPerson: String {
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
    var hello: String { voice.greeting.map(voice.allowed) ?? tonedHello }

    private var tonedHello: String {
        let isReserved = voice.tone == .formal || voice.tone == .premium
        return (isReserved ? say("Good day.", "Buenos días.") : say("Hello!", "¡Hola!")) + sign
    }
    var greeting: String {
        hello + " "
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
