import Foundation
import JSON

/// What `@mail` says, in the language of the instruction.
struct MailPhrases: LinkedPhrases {
    let language: Language

    init(_ language: Language) { self.language = language }

    private func say(_ english: String, _ spanish: String) -> String { language == .spanish ? spanish : english }

    var help: String {
        say(
            """
            I read and write e-mail. Try:
            "unread", "inbox", "search invoice", "from Acme about prices"
            "read 1", "thread 1", "digest week"
            "reply 1: thanks, paid today", "draft to ana@example.com: Hello | How are you?"
            "send 1" asks for approval, "accounts" shows your mailboxes
            """,
            """
            Leo y escribo correo. Prueba:
            "no leídos", "bandeja", "buscar factura", "de Acme sobre precios"
            "lee 1", "hilo 1", "resumen semana"
            "responde 1: gracias, pagado hoy", "borrador para ana@example.com: Hola | ¿Qué tal?"
            "envía 1" pide aprobación, "cuentas" muestra tus buzones
            """)
    }

    // MARK: Lists

    func unread(_ count: Int, more: Bool) -> String {
        let count = more ? "\(count)+" : "\(count)"
        return say("\(count) unread", "\(count) sin leer")
    }
    var nothingUnread: String { say("Nothing unread.", "Nada sin leer.") }
    var emptyInbox: String { say("The inbox is empty.", "La bandeja está vacía.") }
    func inbox(more: Bool) -> String {
        say("Inbox", "Bandeja") + (more ? say(" (newest)", " (lo más nuevo)") : "") + ":"
    }
    func found(_ query: String) -> String { say("Found for \"\(query)\":", "Encontrado para «\(query)»:") }
    func nothingFound(_ query: String) -> String {
        say("I found nothing for \"\(query)\".", "No encontré nada para «\(query)».")
    }
    var howToGoOn: String {
        say("read 1, reply 1: …, search …", "lee 1, responde 1: …, buscar …")
    }
    var noSubject: String { say("(no subject)", "(sin asunto)") }
    func unreadable(_ address: String, reconnect: Bool) -> String {
        reconnect
            ? say(
                "\(address) has to be linked again before I can use it.",
                "Hay que volver a vincular \(address) para que pueda usarlo.")
            : say("\(address) does not answer at the moment.", "\(address) no responde en este momento.")
    }

    // MARK: Reading

    var from: String { say("From", "De") }
    var to: String { say("To", "Para") }
    var subject: String { say("Subject", "Asunto") }
    var date: String { say("Date", "Fecha") }
    var attached: String { say("Attached", "Adjuntos") }
    var you: String { say("you", "tú") }
    func noSuchNumber(_ number: Int) -> String {
        say(
            "I have no number \(number). Ask for a list first, for example \"unread\".",
            "No tengo el número \(number). Pide antes una lista, por ejemplo \"no leídos\".")
    }
    var gone: String { say("That e-mail is not there any more.", "Ese correo ya no está.") }

    // MARK: Writing

    func draft(_ number: Int) -> String {
        say(
            "Draft only, nothing was sent. \"send \(number)\" asks for approval.",
            "Solo un borrador, no se envió nada. \"envía \(number)\" pide aprobación.")
    }
    var howToDraft: String {
        say(
            "Write it like this: draft to ana@example.com: Subject | Text",
            "Escríbelo así: borrador para ana@example.com: Asunto | Texto")
    }
    func howToReply(_ number: Int) -> String {
        say("What shall I answer? reply \(number): your text", "¿Qué respondo? responde \(number): tu texto")
    }
    func noDraft(_ number: Int) -> String {
        say(
            "I have no draft \(number). Write one first: reply 1: …, or draft to …",
            "No tengo el borrador \(number). Escribe uno antes: responde 1: …, o borrador para …")
    }
    func needsApproval(_ label: String) -> String {
        say(
            "Sending \"\(label)\" needs a member's approval first. Nothing was sent; it stays a draft.",
            "Enviar «\(label)» necesita antes la aprobación de un miembro. No se envió nada; sigue siendo borrador.")
    }
    func sent(_ state: String, _ to: String, _ subject: String) -> String {
        state == "queued"
            ? say(
                "\"\(subject)\" to \(to) is released and waits for the company's mail program.",
                "«\(subject)» para \(to) queda liberado y espera al programa de correo de la empresa.")
            : say("\"\(subject)\" was sent to \(to).", "«\(subject)» se envió a \(to).")
    }
    var noRecipient: String {
        say("That e-mail names no sender whom I could answer.", "Ese correo no nombra remitente al que responder.")
    }
    var tooLong: String { say("That text is too long.", "Ese texto es demasiado largo.") }

    // MARK: Digest

    func digest(_ days: Int, _ count: Int, more: Bool) -> String {
        let count = more ? "\(count)+" : "\(count)"
        return days == 1
            ? say("\(count) e-mails in the last day", "\(count) correos en el último día")
            : say("\(count) e-mails in the last \(days) days", "\(count) correos en los últimos \(days) días")
    }
    func quiet(_ days: Int) -> String {
        days == 1
            ? say("No e-mail in the last day.", "Ningún correo en el último día.")
            : say("No e-mail in the last \(days) days.", "Ningún correo en los últimos \(days) días.")
    }
    func oldestUnanswered(_ who: String, _ subject: String, _ when: String) -> String {
        say(
            "Oldest unanswered: \(who) · \(subject) · \(when)",
            "El más antiguo sin responder: \(who) · \(subject) · \(when)")
    }

    // MARK: Accounts and faults

    func company(_ name: String, _ address: String?) -> String {
        let address = address.map { " (\($0))" } ?? ""
        return say("The mailbox of \(name)\(address)", "El buzón de \(name)\(address)")
    }
    func account(_ address: String, reconnect: Bool, mail: Bool) -> String {
        let state =
            reconnect
            ? say("has to be linked again", "hay que volver a vincularla")
            : mail ? say("linked", "vinculada") : say("linked, without mail", "vinculada, sin correo")
        return "\(address): \(state)"
    }
    func howToLink(_ canLink: Bool) -> String {
        canLink
            ? say(
                "To link a Google account, ask GET /api/oauth/google/start for the address and open it.",
                "Para vincular una cuenta de Google, pide la dirección a GET /api/oauth/google/start y ábrela.")
            : say(
                "Google accounts can be linked once the operator sets GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET.",
                "Se pueden vincular cuentas de Google cuando el operador ponga GOOGLE_CLIENT_ID y GOOGLE_CLIENT_SECRET."
            )
    }
    var customerReads: String {
        say(
            "A customer reads along here, so I keep e-mail to myself. Ask me in your own thread.",
            "Aquí lee un cliente, así que no muestro correo. Pregúntame en tu propio hilo.")
    }
    func linkFailed(_ failure: LinkFailure) -> String {
        switch failure {
        case .reconnect:
            say("The linked account has to be linked again first.", "Antes hay que volver a vincular la cuenta.")
        case .missingScope:
            say(
                "The linked account does not allow that; link it again and allow it.",
                "La cuenta vinculada no permite eso; vincúlala de nuevo y permítelo.")
        case .unavailable, .notFound, .refused:
            say(
                "The linked mailbox did not do it. Try again in a moment.",
                "El buzón vinculado no lo hizo. Prueba de nuevo en un momento.")
        }
    }
}
