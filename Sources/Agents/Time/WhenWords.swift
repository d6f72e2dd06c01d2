/// The words for days, months, numbers and units in English and Spanish, folded as ``FoldedText`` folds them.
enum WhenWords {
    static let weekdays: [String: Int] = [
        "monday": 1, "mon": 1, "lunes": 1, "lun": 1, "tuesday": 2, "tue": 2, "tues": 2, "martes": 2,
        "wednesday": 3, "wed": 3, "miercoles": 3, "mie": 3, "thursday": 4, "thu": 4, "thur": 4, "thurs": 4,
        "jueves": 4, "jue": 4, "friday": 5, "fri": 5, "viernes": 5, "vie": 5, "saturday": 6, "sat": 6, "sabado": 6,
        "sab": 6, "sunday": 7, "sun": 7, "domingo": 7, "dom": 7,
    ]

    static let months: [String: Int] = [
        "january": 1, "jan": 1, "enero": 1, "ene": 1, "february": 2, "feb": 2, "febrero": 2, "march": 3, "mar": 3,
        "marzo": 3, "april": 4, "apr": 4, "abril": 4, "abr": 4, "may": 5, "mayo": 5, "june": 6, "jun": 6, "junio": 6,
        "july": 7, "jul": 7, "julio": 7, "august": 8, "aug": 8, "agosto": 8, "ago": 8, "september": 9, "sep": 9,
        "sept": 9, "septiembre": 9, "setiembre": 9, "set": 9, "october": 10, "oct": 10, "octubre": 10, "november": 11,
        "nov": 11, "noviembre": 11, "december": 12, "dec": 12, "diciembre": 12, "dic": 12,
    ]

    static let numbers: [String: Int] = [
        "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
        "nine": 9, "ten": 10, "un": 1, "una": 1, "uno": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6,
        "siete": 7, "ocho": 8, "nueve": 9, "diez": 10,
    ]

    static let next: Set<String> = ["next", "proximo", "proxima", "proximos", "proximas", "siguiente"]
    static let this: Set<String> = ["this", "este", "esta"]
    static let days: Set<String> = ["day", "days", "dia", "dias"]
    static let weeks: Set<String> = ["week", "weeks", "semana", "semanas"]
    static let hours: Set<String> = ["h", "hr", "hrs", "hour", "hours", "hora", "horas"]
    static let minutes: Set<String> = ["m", "min", "mins", "minute", "minutes", "minuto", "minutos"]
    static let beforeDay: Set<String> = ["on", "el", "the", "para", "la", "los", "las"]
    static let beforeTime: Set<String> = ["at", "@", "a", "las", "la"]
    static let morning: Set<String> = ["morning", "manana", "madrugada"]
    static let afternoon: Set<String> = ["afternoon", "evening", "tarde"]
    static let night: Set<String> = ["night", "noche"]

    /// A number in digits (up to four) or as a word.
    static func number(_ word: String) -> Int? {
        if let number = numbers[word] { return number }
        guard (1...4).contains(word.utf8.count), word.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(word)
    }

    /// A number in digits only.
    static func digits(_ word: some StringProtocol, _ counts: ClosedRange<Int>) -> Int? {
        guard counts.contains(word.utf8.count), word.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(word)
    }
}
