import Foundation
import JSON

/// Checks that an answer states no amount of money that no tool returned in the same turn.
public enum PriceGrounding {
    /// Whether every amount in the text is an amount in one of the results.
    ///
    /// Amounts in results are members whose name ends in `Cents`, and amounts written in their texts.
    public static func isGrounded(_ text: String, in results: [JSONValue]) -> Bool {
        let stated = amounts(in: text)
        guard !stated.isEmpty else { return true }
        var known: Set<Int64> = []
        for result in results { collect(result, into: &known) }
        return stated.allSatisfy { !$0.isDisjoint(with: known) }
    }

    /// The amounts of money a text states; each as the set of its readings in hundredths ("1.234" may be either).
    static func amounts(in text: String) -> [Set<Int64>] {
        let scalars = Array(text.unicodeScalars)
        var found: [Set<Int64>] = []
        var index = 0
        while index < scalars.count {
            guard scalars[index].isDecimalDigit else { index += 1; continue }
            var end = index
            while end < scalars.count, isNumberPart(scalars, end) { end += 1 }
            if isCurrency(before: index, scalars) || isCurrency(after: end, scalars) {
                found.append(readings(scalars[index..<end]))
            }
            index = end
        }
        return found
    }

    /// A digit, or a separator with a digit right after it.
    private static func isNumberPart(_ scalars: [Unicode.Scalar], _ index: Int) -> Bool {
        if scalars[index].isDecimalDigit { return true }
        guard ".,'’\u{A0}\u{202F}".unicodeScalars.contains(scalars[index]) else { return false }
        return index + 1 < scalars.count && scalars[index + 1].isDecimalDigit
    }

    private static func isCurrency(before index: Int, _ scalars: [Unicode.Scalar]) -> Bool {
        var last = index - 1
        while last >= 0, index - last <= 2, scalars[last].isHorizontalSpace { last -= 1 }
        guard last >= 0 else { return false }
        if scalars[last].properties.generalCategory == .currencySymbol { return true }
        var first = last
        while first >= 0, last - first < 12, scalars[first].isCasedLetter { first -= 1 }
        return isCurrencyWord(scalars[(first + 1)..<(last + 1)])
    }

    private static func isCurrency(after end: Int, _ scalars: [Unicode.Scalar]) -> Bool {
        var first = end
        while first < scalars.count, first - end < 2, scalars[first].isHorizontalSpace { first += 1 }
        guard first < scalars.count else { return false }
        if scalars[first].properties.generalCategory == .currencySymbol { return true }
        var last = first
        while last < scalars.count, last - first < 12, scalars[last].isCasedLetter { last += 1 }
        return isCurrencyWord(scalars[first..<last])
    }

    private static let words: Set<String> = [
        "dollar", "dollars", "euro", "euros", "pound", "pounds", "bucks", "cents", "dolar", "dolares", "peso", "pesos",
        "libras",
        "centavos", "yen", "reais", "soles", "usd", "eur", "gbp", "chf", "mxn", "cad", "aud", "jpy", "brl", "ars",
        "cop", "clp",
        "pen", "inr", "cny", "sek", "nok", "dkk", "pln", "nzd", "sgd", "hkd", "zar", "krw", "try", "czk", "huf", "ron",
    ]

    private static func isCurrencyWord(_ scalars: ArraySlice<Unicode.Scalar>) -> Bool {
        guard !scalars.isEmpty else { return false }
        return words.contains(FoldedText.fold(String(String.UnicodeScalarView(scalars))))
    }

    /// Every way to read a number: the last separator as the decimal one, or all of them as separators of thousands.
    private static func readings(_ number: ArraySlice<Unicode.Scalar>) -> Set<Int64> {
        let digits = number.compactMap { $0.properties.numericValue.map { Int64($0) } }
        guard digits.count <= 16 else { return [] }
        let whole = digits.reduce(Int64(0)) { $0 * 10 + $1 }
        let decimals = number.reversed().prefix { $0.isDecimalDigit }.count
        let hasSeparator = decimals < number.count
        var readings: Set<Int64> = []
        if !hasSeparator || decimals == 3 { readings.insert(whole * 100) }
        if hasSeparator, decimals == 2 { readings.insert(whole) }
        if hasSeparator, decimals == 1 { readings.insert(whole * 10) }
        return readings
    }

    private static func collect(_ value: JSONValue, into known: inout Set<Int64>) {
        switch value {
        case .object(let members):
            for (key, member) in members {
                if key.hasSuffix("Cents"), let cents = member.integerValue {
                    known.insert(cents)
                } else {
                    collect(member, into: &known)
                }
            }
        case .array(let elements): for element in elements { collect(element, into: &known) }
        case .string(let text): for readings in amounts(in: text) { known.formUnion(readings) }
        case .null, .bool, .integer, .number: break
        }
    }
}
