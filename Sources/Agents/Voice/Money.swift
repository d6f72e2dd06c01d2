import Foundation

/// An amount of a currency, in its hundredths.
struct Money: Sendable, Hashable {
    var cents: Int64
    /// ISO 4217.
    var currency: String

    private static let symbols = ["USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹", "BRL": "R$", "KRW": "₩"]
    private static let withoutCents: Set<String> = ["JPY", "KRW", "CLP", "PYG", "VND", "ISK", "HUF", "COP"]

    /// The amount as a reader of this language writes it: `$1,234.50`, `1.234,50 €`, `CHF 12.00`.
    func text(_ language: Language) -> String {
        let magnitude = cents.magnitude
        let isSpanishStyle = language == .spanish && !Self.dollarLike.contains(currency)
        let group: Character = isSpanishStyle ? "." : ","
        var number = Self.grouped(magnitude / 100, group)
        if !(Self.withoutCents.contains(currency) && magnitude % 100 == 0) {
            let rest = magnitude % 100
            number += (isSpanishStyle ? "," : ".") + (rest < 10 ? "0" : "") + String(rest)
        }
        let sign = cents < 0 ? "-" : ""
        let symbol = Self.symbols[currency]
        if isSpanishStyle { return "\(sign)\(number) \(symbol ?? currency)" }
        return symbol.map { "\(sign)\($0)\(number)" } ?? "\(sign)\(currency) \(number)"
    }

    /// Currencies whose readers put the sign first and the point before the cents, in Spanish too.
    private static let dollarLike: Set<String> = ["USD", "MXN", "GBP", "JPY", "PAB", "DOP", "GTQ", "HNL", "NIO", "PEN"]

    private static func grouped(_ number: UInt64, _ separator: Character) -> String {
        let digits = Array(String(number))
        var result = ""
        for (place, digit) in digits.enumerated() {
            if place > 0, (digits.count - place) % 3 == 0 { result.append(separator) }
            result.append(digit)
        }
        return result
    }
}
