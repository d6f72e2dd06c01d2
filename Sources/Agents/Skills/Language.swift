/// A language that the agents speak without a model.
public enum Language: String, Sendable, Hashable, CaseIterable {
    /// English.
    case english = "en"
    /// Spanish.
    case spanish = "es"

    private static let spanishWords: Set<String> = [
        "el", "la", "los", "las", "un", "una", "de", "del", "que", "cuanto", "cuesta", "cual", "tienes", "tienen",
        "hay",
        "hola", "gracias", "precio", "quiero", "quisiera", "mi", "mis", "es", "son", "por", "favor", "con", "y", "para",
        "recuerda", "olvida", "ayuda", "buenas", "buenos", "dias", "tardes", "comprar", "venden", "vende", "vale",
        "sobre",
        "lista", "todo", "donde", "cuando", "como", "al", "se", "te", "me", "si", "sabes", "producto", "productos",
        "hoy", "manana", "ayer", "pasado", "lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo",
        "semana", "proxima", "proximo", "esta", "este", "dentro", "libre", "correo", "correos", "leidos", "bandeja",
        "buscar", "busca", "leer", "lee", "hilo", "responde", "responder", "envia", "enviar", "borrador", "cuentas",
        "resumen", "entrada", "agrega", "anade", "reserva", "mueve", "cancela", "durante", "zona", "horaria",
    ]
    private static let englishWords: Set<String> = [
        "the", "a", "an", "of", "is", "are", "do", "does", "you", "have", "how", "much", "what", "hello", "hi", "hey",
        "thanks", "thank", "price", "want", "my", "for", "and", "with", "to", "in", "remember", "forget", "help", "buy",
        "list", "all", "where", "when", "me", "i", "it", "this", "that", "about", "your", "can", "cost", "sell",
        "please",
        "today", "tomorrow", "yesterday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
        "week", "next", "free", "unread", "inbox", "search", "read", "thread", "reply", "send", "draft", "accounts",
        "digest", "from", "add", "book", "move", "timezone",
    ]

    /// The language that most of the small words of a text belong to; nil when they do not tell.
    static func detect(_ text: FoldedText) -> Language? {
        if text.original.unicodeScalars.contains(where: { "¿¡ñÑ".unicodeScalars.contains($0) }) { return .spanish }
        var score = 0
        for word in text.words.prefix(100) {
            if spanishWords.contains(word.folded) { score += 1 }
            if englishWords.contains(word.folded) { score -= 1 }
        }
        return score == 0 ? nil : score > 0 ? .spanish : .english
    }
}
