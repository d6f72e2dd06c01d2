import Foundation

/// What is said about appointments, in the company's way of addressing people.
struct BookingPhrases {
    let language: Language
    let zone: TimeZone
    var voice = BrandVoice()

    private func say(_ english: String, _ spanish: String) -> String { language == .spanish ? spanish : english }
    private func say(_ english: String, tu: String, usted: String) -> String {
        language == .spanish ? (voice.address == .usted ? usted : tu) : english
    }

    private var calendar: CalPhrases { CalPhrases(language, zone: zone) }

    /// `Fri 27 Nov 2026, 10:00–10:30 (Europe/Madrid)`.
    func moment(_ span: DateSpan) -> String { calendar.moment(span) }

    /// `Fri 27 Nov 2026, 10:00`.
    func start(_ date: Date) -> String {
        let civil = zone.civil(date)
        return "\(calendar.day(civil.day)), \(calendar.clock(civil.minute))"
    }

    func day(_ day: CivilDate) -> String { calendar.day(day) }

    private var zoneName: String { CalPhrases.name(zone) }

    func requested(_ moment: String) -> String {
        say(
            "I asked for \(moment) for you. It is not fixed yet: a person of our team will confirm it.",
            tu: "He pedido para ti \(moment). Aún no está fijo: una persona de nuestro equipo lo confirmará.",
            usted: "He pedido para usted \(moment). Aún no está fijo: una persona de nuestro equipo lo confirmará.")
    }

    func confirmed(_ moment: String) -> String {
        say("Your appointment is confirmed: \(moment).", "La cita está confirmada: \(moment).")
    }

    func declined(_ moment: String) -> String {
        say(
            "Sorry, we can't take the appointment on \(moment). Ask for another time if you like.",
            tu: "Lo sentimos, no podemos dar la cita del \(moment). Si quieres, pide otra hora.",
            usted: "Lo sentimos, no podemos dar la cita del \(moment). Si quiere, pida otra hora.")
    }

    func cancelled(_ moment: String) -> String {
        say("The appointment on \(moment) has been called off.", "La cita del \(moment) se ha cancelado.")
    }

    func free(_ start: String) -> String {
        say(
            "\(start) (\(zoneName)) is free. Shall I ask for it? Answer yes or no.",
            tu: "\(start) (\(zoneName)) está libre. ¿La pido? Responde sí o no.",
            usted: "\(start) (\(zoneName)) está libre. ¿La pido? Responda sí o no.")
    }

    func notFree(_ start: String) -> String {
        say("\(start) is not free.", "\(start) no está libre.")
    }

    func offer(_ span: String?) -> String {
        let lead = span.map { say("Free on \($0)", "Libre el \($0)") } ?? say("Free next", "Próximos huecos libres")
        return say(
            "\(lead) (\(zoneName)). Answer with a number.",
            tu: "\(lead) (\(zoneName)). Responde con un número.",
            usted: "\(lead) (\(zoneName)). Responda con un número.")
    }

    func nothingFree(_ span: String?) -> String {
        span.map { say("Nothing is free on \($0).", "No hay nada libre el \($0).") }
            ?? say("Nothing is free in the next weeks.", "No hay nada libre en las próximas semanas.")
    }

    var whichDay: String {
        say("Which day do you mean?", tu: "¿Qué día quieres decir?", usted: "¿A qué día se refiere?")
    }

    var tooMany: String {
        say(
            "You already have requests that wait for an answer. A person of our team will confirm them first.",
            tu: "Ya tienes solicitudes pendientes. Una persona de nuestro equipo las confirmará primero.",
            usted: "Ya tiene solicitudes pendientes. Una persona de nuestro equipo las confirmará primero.")
    }

    var unavailable: String {
        say(
            "I can't look at the calendar right now. Try again in a moment, or say \"human\".",
            tu: "Ahora no puedo ver el calendario. Prueba de nuevo en un momento, o di \"humano\".",
            usted: "Ahora no puedo ver el calendario. Pruebe de nuevo en un momento, o diga \"humano\".")
    }

    var yourName: String { say("What is your name?", tu: "¿Cómo te llamas?", usted: "¿Cuál es su nombre?") }

    var yourContact: String {
        say(
            "Which e-mail address or phone number can we reach you at?",
            tu: "¿En qué correo o teléfono podemos contactarte?",
            usted: "¿En qué correo o teléfono podemos contactarle?")
    }

    var fine: String { say("All right, nothing was booked.", "De acuerdo, no he reservado nada.") }
}
