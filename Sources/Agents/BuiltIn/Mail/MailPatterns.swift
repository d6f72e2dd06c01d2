/// What `@mail` understands, in English and Spanish.
enum MailPatterns {
    static let help: [SkillPattern] = [
        .exact(.english, "help", "what can you do", "commands"), .exact(.spanish, "ayuda", "que puedes hacer"),
    ]
    static let unread: [SkillPattern] = [
        .exact(
            .english, "", "unread", "unread mail", "new mail", "new", "anything new", "what's new", "status",
            "unread emails", "show unread"),
        .exact(
            .spanish, "no leidos", "sin leer", "correos no leidos", "correo nuevo", "nuevos", "hay algo nuevo",
            "algo nuevo", "correos sin leer", "no leido"),
    ]
    static let inbox: [SkillPattern] = [
        .exact(.english, "inbox", "show inbox", "my inbox", "list"),
        .exact(.spanish, "bandeja", "bandeja de entrada", "entrada", "lista"),
    ]
    static let accounts: [SkillPattern] = [
        .exact(.english, "accounts", "account", "link", "connect", "mailboxes"),
        .exact(.spanish, "cuentas", "cuenta", "vincular", "conectar", "buzones"),
    ]
    static let digest: [SkillPattern] = [
        .exact(.english, "digest", "digest today", "today", "summary"), .form(.english, "digest|summary {span}"),
        .exact(.spanish, "resumen", "resumen de hoy", "resumen hoy", "hoy"), .form(.spanish, "resumen {span}"),
    ]
    static let read: [SkillPattern] = [
        .form(.english, "read|open|show {n:number}"), .form(.english, "read|open|show message|email {n:number}"),
        .form(.spanish, "lee|leer|abre|abrir|muestra {n:number}"),
        .form(.spanish, "lee|leer|abre|abrir|muestra el {n:number}"),
    ]
    static let thread: [SkillPattern] = [
        .form(.english, "thread {n:number}"), .form(.spanish, "hilo {n:number}"),
        .form(.spanish, "hilo del {n:number}"),
    ]
    static let reply: [SkillPattern] = [
        .form(.english, "reply|answer {n:number} {body}"), .form(.english, "reply to {n:number} {body}"),
        .form(.spanish, "responde|responder|contesta|contestar {n:number} {body}"),
        .form(.spanish, "responde|responder|contesta|contestar a|al {n:number} {body}"),
        .form(.english, "reply|answer {n:number}"), .form(.spanish, "responde|responder|contesta|contestar {n:number}"),
    ]
    static let draft: [SkillPattern] = [
        .prefix(.english, "draft to", "draft an email to", "write to", "compose to", "draft for"),
        .prefix(.spanish, "borrador para", "borrador a", "redacta a", "redacta para", "escribe a", "escribe para"),
    ]
    static let send: [SkillPattern] = [
        .exact(.english, "send", "send it"), .exact(.spanish, "envia", "enviar", "envialo", "manda", "mandalo"),
        .form(.english, "send {n:number}"), .form(.english, "send draft {n:number}"),
        .form(.spanish, "envia|enviar|manda|mandar {n:number}"),
        .form(.spanish, "envia|enviar|manda|mandar el {n:number}"),
    ]
    static let from: [SkillPattern] = [
        .form(.english, "from {who} about {topic}"),
        .form(.english, "mail|mails|email|emails from {who} about {topic}"),
        .form(.english, "mail|mails|email|emails from {who}"), .prefix(.english, "from"),
        .form(.spanish, "de {who} sobre {topic}"), .form(.spanish, "correo|correos de {who} sobre {topic}"),
        .form(.spanish, "correo|correos de {who}"), .prefix(.spanish, "de"),
    ]
    static let search: [SkillPattern] = [
        .prefix(.english, "search for", "search", "find", "look for"),
        .prefix(.spanish, "buscar", "busca", "encuentra", "encontrar"),
    ]
}
