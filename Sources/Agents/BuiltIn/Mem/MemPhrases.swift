/// The words of `@mem`.
struct MemPhrases {
    let language: Language

    init(_ language: Language) { self.language = language }

    private func say(_ english: String, _ spanish: String) -> String { language == .spanish ? spanish : english }

    func saved(_ text: String, replaced: String?, author: TurnAuthor) -> String {
        let seen =
            author == .program
            ? say("the company's programs can see it", "lo ven los programas de la empresa")
            : say("only you can see it", "solo tú puedes verlo")
        guard let replaced else { return say("Saved: \(text) (\(seen)).", "Guardado: \(text) (\(seen)).") }
        return say(
            "Updated: \(text) (before: \(replaced); \(seen)).", "Actualizado: \(text) (antes: \(replaced); \(seen)).")
    }

    func one(_ text: String, _ date: String) -> String {
        say(
            "\(text)\nSaved on \(date). \"forget 1\" deletes it.",
            "\(text)\nGuardado el \(date). \"olvida 1\" lo borra.")
    }

    func lead(_ topic: String) -> String {
        topic.isEmpty
            ? say("What I remember for you:", "Lo que recuerdo para ti:")
            : say("What I remember about \(topic):", "Lo que recuerdo sobre \(topic):")
    }

    func nothingAbout(_ topic: String) -> String {
        say("I don't remember anything about \(topic).", "No recuerdo nada sobre \(topic).")
    }

    func noSuchNumber(_ number: Int) -> String {
        say(
            "There is no number \(number) in a recent list. Say \"list\" first.",
            "No hay ningún número \(number) en una lista reciente. Di antes \"lista\".")
    }

    func forgotten(_ text: String) -> String { say("Forgotten: \(text)", "Olvidado: \(text)") }

    func forgottenAll(_ count: Int64) -> String {
        say("Everything is forgotten (\(count)).", "Todo está olvidado (\(count)).")
    }

    func confirmShare(_ text: String) -> String {
        say(
            "Share with everyone in the company: \(text)? Answer yes or no.",
            "¿Lo comparto con toda la empresa: \(text)? Responde sí o no.")
    }

    func shared(_ text: String) -> String {
        say(
            "Saved: \(text) (everyone in the company can see it).",
            "Guardado: \(text) (toda la empresa puede verlo).")
    }

    var notShared: String { say("It stays yours alone.", "Se queda solo para ti.") }
    var nothing: String { say("I don't remember anything for you yet.", "Todavía no recuerdo nada para ti.") }
    var alreadyForgotten: String { say("That is already forgotten.", "Eso ya está olvidado.") }
    var kept: String { say("Nothing was forgotten.", "No he olvidado nada.") }
    var whichToForget: String { say("Which one shall I forget?", "¿Cuál olvido?") }
    var howToForget: String { say("\"forget 1\" deletes the first.", "\"olvida 1\" borra el primero.") }
    var more: String {
        say(
            "There is more: \"list\" with a topic narrows it, \"export\" shows all.",
            "Hay más: \"lista\" con un tema lo reduce, \"exporta\" lo muestra todo.")
    }
    var cut: String { say("… there is more than fits here.", "… hay más de lo que cabe aquí.") }
    var tooLong: String {
        say("That is too long: at most 2,000 characters.", "Es demasiado largo: como mucho 2.000 caracteres.")
    }
    var confirmAll: String {
        say(
            "Forget everything I remember for you? Answer yes or no.",
            "¿Olvido todo lo que recuerdo para ti? Responde sí o no.")
    }
    var customerReads: String {
        say(
            "A customer reads here, so I don't show what I remember. Ask me in your own thread.",
            "Aquí lee un cliente, así que no muestro lo que recuerdo. Pregúntame en tu propio hilo.")
    }
    var help: String {
        say(
            """
            I remember things for you alone. Try:
            remember the meeting is on Friday
            my gate code is 4411
            recall gate code
            list
            forget gate code
            share the office opens at 9
            """,
            """
            Recuerdo cosas solo para ti. Prueba:
            recuerda que la reunión es el viernes
            mi código es 4411
            qué sabes de código
            lista
            olvida código
            comparte la oficina abre a las 9
            """)
    }
}
