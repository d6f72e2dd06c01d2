import Foundation

/// What `@cal` says, in the language of the instruction.
struct CalPhrases: LinkedPhrases {
    let language: Language
    let zone: TimeZone

    init(_ language: Language, zone: TimeZone = .gmt) {
        self.language = language
        self.zone = zone
    }

    /// The zone's name for people.
    private var zoneName: String { Self.name(zone) }

    static func name(_ zone: TimeZone) -> String { zone.identifier == "GMT" ? "UTC" : zone.identifier }

    private func say(_ english: String, _ spanish: String) -> String { language == .spanish ? spanish : english }

    var help: String {
        say(
            """
            I keep your calendar. Try:
            "today", "next week", "2026-04-03"
            "free tomorrow for 45m"
            "add \\"Dentist\\" friday 15:00 for 1h"
            "move 1 to monday 10:00", "cancel 1"
            "timezone Europe/Madrid"
            """,
            """
            Llevo tu calendario. Prueba:
            "hoy", "próxima semana", "2026-04-03"
            "libre mañana durante 45m"
            "agrega \\"Dentista\\" viernes 15:00 durante 1h"
            "mueve 1 al lunes 10:00", "cancela 1"
            "zona horaria Europe/Madrid"
            """
        ).replacing("\\\"", with: "\"")
    }

    // MARK: Days and times

    private static let dayNames: [Language: [String]] = [
        .english: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
        .spanish: ["lun", "mar", "mié", "jue", "vie", "sáb", "dom"],
    ]
    private static let monthNames: [Language: [String]] = [
        .english: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
        .spanish: ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"],
    ]

    /// `Fri 3 Apr 2026`.
    func day(_ day: CivilDate) -> String {
        let parts = day.parts
        let name = Self.dayNames[language]?[day.weekday - 1] ?? ""
        return "\(name) \(parts.day) \(Self.monthNames[language]?[parts.month - 1] ?? "") \(parts.year)"
    }

    /// `15:00`.
    func clock(_ minute: Int) -> String {
        "\(CivilDate.pad(minute / 60, 2)):\(CivilDate.pad(minute % 60, 2))"
    }

    /// `15:00–16:00`, with the last day when it is another.
    func times(_ span: DateSpan) -> String {
        let (start, end) = (zone.civil(span.start), zone.civil(span.end))
        let isSameDay = end.day == start.day || (end.day == start.day.adding(1) && end.minute == 0)
        return "\(clock(start.minute))–\(isSameDay ? "" : day(end.day) + " ")\(clock(end.minute))"
    }

    /// `Fri 3 Apr 2026, 15:00–16:00 (Europe/Madrid)`.
    func moment(_ span: DateSpan) -> String {
        "\(day(zone.civil(span.start).day)), \(times(span)) (\(zoneName))"
    }

    func days(_ days: ClosedRange<CivilDate>) -> String {
        days.lowerBound == days.upperBound
            ? day(days.lowerBound) : "\(day(days.lowerBound)) – \(day(days.upperBound))"
    }

    var allDay: String { say("all day", "todo el día") }

    // MARK: Lists

    func nothing(_ days: ClosedRange<CivilDate>) -> String {
        say("Nothing on \(self.days(days)) (\(zoneName)).", "Nada el \(self.days(days)) (\(zoneName)).")
    }
    func agenda(_ days: ClosedRange<CivilDate>) -> String { "\(self.days(days)) (\(zoneName)):" }
    var howToChange: String { say("move 1 to …, cancel 1", "mueve 1 a …, cancela 1") }
    func more(_ count: Int) -> String { say("… and \(count) more", "… y \(count) más") }
    func unread(_ address: String, reconnect: Bool) -> String {
        reconnect
            ? say(
                "\(address) has to be linked again before I can use it.",
                "Hay que volver a vincular \(address) para que pueda usarlo.")
            : say("\(address) does not answer at the moment.", "\(address) no responde en este momento.")
    }
    func free(_ days: ClosedRange<CivilDate>, _ minutes: Int) -> String {
        say(
            "Free for \(minutes) min or more, \(self.days(days)) (\(zoneName)):",
            "Libre \(minutes) min o más, \(self.days(days)) (\(zoneName)):")
    }
    func notFree(_ days: ClosedRange<CivilDate>, _ minutes: Int) -> String {
        say(
            "Nothing free for \(minutes) min within working hours, \(self.days(days)) (\(zoneName)).",
            "No hay \(minutes) min libres en horario laboral, \(self.days(days)) (\(zoneName)).")
    }

    // MARK: Booking

    func booked(_ title: String, _ span: DateSpan) -> String {
        say("Booked \"\(title)\": \(moment(span)).", "Reservado «\(title)»: \(moment(span)).")
    }
    func moved(_ title: String, _ span: DateSpan) -> String {
        say("Moved \"\(title)\" to \(moment(span)).", "«\(title)» pasa a \(moment(span)).")
    }
    func cancelled(_ title: String) -> String { say("Cancelled \"\(title)\".", "Cancelado «\(title)».") }
    func atTheSameTime(_ titles: [String]) -> String {
        say("At the same time: ", "A la misma hora: ") + titles.joined(separator: ", ")
    }
    func wasInGap(_ minute: Int) -> String {
        say(
            "The clocks go forward then: \(clock(minute)) does not exist on that day, so I took the time after the change.",
            "Ese día se adelanta el reloj: las \(clock(minute)) no existen, así que tomé la hora después del cambio.")
    }
    var unsynced: String {
        say(
            "It is in your calendar here, but the linked calendar did not take it.",
            "Está en tu calendario de aquí, pero el calendario vinculado no lo aceptó.")
    }
    var notInvited: String {
        say(
            "The guests are noted; invitations go out only from a linked Google calendar.",
            "Los invitados quedan anotados; solo un calendario de Google vinculado envía invitaciones.")
    }
    func account(_ address: String) -> String { say("In \(address).", "En \(address).") }
    func whichDay(_ title: String) -> String { say("Which day for \"\(title)\"?", "¿Qué día para «\(title)»?") }
    func past(_ day: CivilDate, _ minute: Int) -> String {
        say(
            "\(self.day(day)), \(clock(minute)) is already past. Which do you mean?",
            "\(self.day(day)), \(clock(minute)) ya pasó. ¿Cuál quieres decir?")
    }
    func pastKept(_ day: CivilDate) -> String {
        say("\(self.day(day)), although it is past", "\(self.day(day)), aunque ya pasó")
    }
    func askWhen(_ title: String) -> String {
        say(
            "When is \"\(title)\"? For example: tomorrow 15:00.", "¿Cuándo es «\(title)»? Por ejemplo: mañana 15:00.")
    }
    func askTime(_ title: String, _ day: CivilDate) -> String {
        say(
            "At what time is \"\(title)\" on \(self.day(day))? For example: 15:00.",
            "¿A qué hora es «\(title)» el \(self.day(day))? Por ejemplo: 15:00.")
    }
    var nothingDone: String { say("Fine, nothing changed.", "De acuerdo, no cambié nada.") }
    var tooLong: String {
        say(
            "A title has at most 200 characters, and an event lasts from 1 minute to 24 hours.",
            "Un título tiene como máximo 200 caracteres, y un evento dura de 1 minuto a 24 horas.")
    }
    func needsApproval(_ title: String) -> String {
        say(
            "\"\(title)\" has guests, who would hear of it: a member has to approve that first. Nothing was changed.",
            "«\(title)» tiene invitados, que se enterarían: un miembro debe aprobarlo antes. No cambié nada.")
    }

    // MARK: Faults

    func noSuchNumber(_ number: Int) -> String {
        say(
            "I have no number \(number). Ask for a day first, for example \"today\".",
            "No tengo el número \(number). Pide antes un día, por ejemplo \"hoy\".")
    }
    var gone: String { say("That event is not there any more.", "Ese evento ya no está.") }
    var notUnderstood: String {
        say(
            "I did not understand the day. For example: tomorrow, friday, 3 april, 2026-04-03.",
            "No entendí el día. Por ejemplo: mañana, viernes, 3 de abril, 2026-04-03.")
    }
    var customerReads: String {
        say(
            "A customer reads along here, so I keep your calendar to myself. Ask me in your own thread.",
            "Aquí lee un cliente, así que no muestro tu calendario. Pregúntame en tu propio hilo.")
    }
    func zoneIs(_ name: String) -> String { say("Your time zone is \(name).", "Tu zona horaria es \(name).") }
    func noSuchZone(_ name: String) -> String {
        say(
            "I don't know the time zone \"\(name)\". Use a name such as Europe/Madrid.",
            "No conozco la zona horaria «\(name)». Usa un nombre como Europe/Madrid.")
    }
    func linkFailed(_ failure: LinkFailure) -> String {
        switch failure {
        case .reconnect:
            say(
                "The linked account has to be linked again before I can change that.",
                "Hay que volver a vincular la cuenta antes de cambiar eso.")
        case .missingScope:
            say(
                "The linked account does not let me change its calendar; link it again and allow that.",
                "La cuenta vinculada no me deja cambiar su calendario; vincúlala de nuevo y permítelo.")
        case .unavailable, .notFound, .refused:
            say(
                "The linked calendar did not do it. Try again in a moment.",
                "El calendario vinculado no lo hizo. Prueba de nuevo en un momento.")
        }
    }
}
