/// What `@cal` understands, in English and Spanish.
enum CalPatterns {
    static let help: [SkillPattern] = [
        .exact(.english, "help", "what can you do", "commands"), .exact(.spanish, "ayuda", "que puedes hacer"),
    ]
    static let agenda: [SkillPattern] = [
        .exact(.english, "agenda", "calendar", "my calendar", "schedule", "my schedule", "status"),
        .exact(.spanish, "calendario", "mi calendario", "mi agenda"),
        .form(nil, "{when:days}"),
        .form(nil, "agenda {when:days}"), .form(.english, "calendar|schedule|show|list {when:days}"),
        .form(.english, "agenda|calendar|schedule for|of {when:days}"),
        .form(.english, "what's|whats on {when:days}"), .form(.english, "what do i have {when:days}"),
        .form(.english, "show me {when:days}"),
        .form(.spanish, "agenda|calendario de|del {when:days}"),
        .form(.spanish, "calendario|muestra|ver {when:days}"), .form(.spanish, "que tengo {when:days}"),
        .form(.spanish, "que hay {when:days}"),
    ]
    static let free: [SkillPattern] = [
        .exact(.english, "free", "when am i free", "am i free", "free time"),
        .exact(.spanish, "libre", "huecos", "cuando estoy libre", "estoy libre", "hueco", "huecos libres"),
        .prefix(
            .english, "free", "when am i free", "am i free", "free time", "find time", "find a slot", "slots",
            "available"),
        .prefix(
            .spanish, "libre", "huecos libres", "huecos", "hueco", "cuando estoy libre", "estoy libre", "tiempo libre",
            "disponible", "busca hueco"),
        .form(.english, "{text:days} free"), .form(.spanish, "{text:days} libre|disponible"),
    ]
    static let add: [SkillPattern] = [
        .prefix(.english, "add event", "add an event", "add", "book", "schedule", "create", "new event", "put"),
        .prefix(
            .spanish, "anade", "anadir", "agrega", "agregar", "crea", "crear", "reserva", "reservar", "agenda",
            "agendar", "programa", "apunta", "nuevo evento", "pon"),
    ]
    static let move: [SkillPattern] = [
        .form(.english, "move|reschedule|change {n:number} to {text}"),
        .form(.english, "move|reschedule|change event {n:number} to {text}"),
        .form(.spanish, "mueve|mover|cambia|cambiar|pasa {n:number} a|al|para {text}"),
        .form(.spanish, "mueve|mover|cambia|cambiar|pasa el|la {n:number} a|al|para {text}"),
    ]
    static let cancel: [SkillPattern] = [
        .form(.english, "cancel|delete|remove {n:number}"), .form(.english, "cancel|delete|remove event {n:number}"),
        .form(.spanish, "cancela|cancelar|borra|borrar|elimina|quita {n:number}"),
        .form(.spanish, "cancela|cancelar|borra|borrar|elimina|quita el|la {n:number}"),
    ]
    static let zone: [SkillPattern] = [
        .exact(.english, "timezone", "time zone", "my timezone", "my time zone"),
        .exact(.spanish, "zona horaria", "mi zona horaria", "huso horario"),
        .prefix(.english, "timezone", "time zone", "my timezone is", "my time zone is", "set timezone to"),
        .prefix(.spanish, "zona horaria", "mi zona horaria es", "huso horario"),
    ]
}
