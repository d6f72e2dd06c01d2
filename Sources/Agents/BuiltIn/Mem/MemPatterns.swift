/// What `@mem` understands, in English and Spanish.
enum MemPatterns {
    static let help: [SkillPattern] = [
        .exact(.english, "", "help", "status", "what can you do"), .exact(.spanish, "ayuda", "que puedes hacer"),
    ]
    static let export: [SkillPattern] = [
        .exact(.english, "export", "export all", "export everything", "export my memories"),
        .exact(.spanish, "exporta", "exportar", "exporta todo", "exportar todo"),
    ]
    static let list: [SkillPattern] = [
        .exact(
            .english, "list", "list all", "list everything", "show all", "show everything", "everything", "memories",
            "list my memories", "show my memories", "what do you know", "what do you remember",
            "what do you know about me",
            "what do you remember about me", "what have i told you"),
        .exact(
            .spanish, "lista", "listar", "lista todo", "listar todo", "todo", "muestra todo", "que sabes",
            "que recuerdas",
            "que sabes de mi", "que recuerdas de mi", "mis recuerdos", "recuerdos"),
        .prefix(.english, "list"), .prefix(.spanish, "lista", "listar"),
    ]
    static let forget: [SkillPattern] = [
        .prefix(
            .english, "forget about", "forget that", "forget my", "forget", "delete my", "delete", "remove my", "remove"
        ),
        .prefix(
            .spanish, "olvida que", "olvida mis", "olvida mi", "olvida", "borra mi", "borra", "elimina mi", "elimina"),
    ]
    static let share: [SkillPattern] = [
        .prefix(
            .english, "share that", "share", "remember for everyone that", "remember for everyone",
            "remember for the company that", "remember for the company", "remember for the team that",
            "remember for the team"),
        .prefix(
            .spanish, "comparte que", "comparte", "compartir", "recuerda para todos que", "recuerda para todos",
            "recuerda para la empresa que", "recuerda para la empresa", "recuerda para el equipo que",
            "recuerda para el equipo"),
    ]
    static let recall: [SkillPattern] = [
        .form(nil, "? {text}"),
        .prefix(
            .english, "recall my", "recall", "what do you know about my", "what do you know about",
            "what do you remember about my", "what do you remember about", "do you remember my", "do you remember",
            "what is my", "what are my", "what's my", "what was my", "when is my", "where is my", "who is my",
            "what did i say about", "what did i tell you about", "tell me my", "find", "search for", "search"),
        .prefix(
            .spanish, "que sabes de mi", "que sabes sobre mi", "que sabes de", "que sabes sobre", "que recuerdas de mi",
            "que recuerdas de", "que recuerdas sobre", "te acuerdas de mi", "te acuerdas de", "cual es mi",
            "cuales son mis",
            "cual era mi", "cuando es mi", "donde esta mi", "quien es mi", "que dije de", "que dije sobre", "dime mi",
            "busca"),
    ]
    static let remember: [SkillPattern] = [
        .prefix(
            .english, "please remember that", "please remember", "remember that", "remember", "save that", "save",
            "note that", "note down", "note", "keep in mind that", "keep in mind", "don't forget that", "don't forget",
            "do not forget that", "do not forget"),
        .prefix(
            .spanish, "recuerda que", "recuerda", "recuerde que", "recuerde", "recordar que", "recordar", "apunta que",
            "apunta", "anota que", "anota", "guarda que", "guarda", "no olvides que", "no olvides",
            "no te olvides de que",
            "no te olvides de"),
    ]
    static let fact: [SkillPattern] = [
        .form(.english, "my {key} is|are|was|were {value}"), .form(.spanish, "mi|mis {key} es|son|esta|estan {value}"),
        .form(nil, "{key} = {value}"),
    ]

    /// What a fact is about: the same key means that a new value takes the old one's place.
    static func key(of text: String) -> String? {
        let folded = FoldedText(text)
        for pattern in fact {
            guard let key = pattern.slots(in: folded)?["key"] else { continue }
            let words = FoldedText(key).words.map(\.folded)
            let own = words.first.map { ["my", "mi", "mis"].contains($0) } ?? false
            return words.dropFirst(own ? 1 : 0).joined(separator: " ")
        }
        return nil
    }
}
