import Foundation
import JSON

/// Checks that an answer states no count of what is in stock that no tool returned in the same turn.
enum StockGrounding {
    /// What follows a number that counts stock, and what stands before one.
    private static let after = [
        ["in", "stock"], ["left", "in", "stock"], ["units"], ["available"], ["en", "stock"], ["en", "existencia"],
        ["unidades"], ["disponibles"],
    ]
    private static let before: Set<String> = ["quedan", "queda", "stock"]

    /// - Parameter said: what the person wrote; numbers in it may be repeated.
    static func isGrounded(_ text: String, in results: [JSONValue], said: String) -> Bool {
        let stated = counts(in: text)
        guard !stated.isEmpty else { return true }
        var known = Set(TextMatch.words(said).compactMap { Int64($0) })
        for result in results { collect(result, into: &known) }
        return stated.allSatisfy(known.contains)
    }

    static func counts(in text: String) -> [Int64] {
        let words = TextMatch.words(text)
        return words.indices.compactMap { place in
            guard let number = Int64(words[place]) else { return nil }
            let rest = words[(place + 1)...]
            let isCount =
                after.contains { rest.starts(with: $0) } || place > 0 && before.contains(words[place - 1])
            return isCount ? number : nil
        }
    }

    private static func collect(_ value: JSONValue, into known: inout Set<Int64>) {
        switch value {
        case .object(let members):
            for (key, member) in members where !key.hasSuffix("Cents") { collect(member, into: &known) }
        case .array(let elements): for element in elements { collect(element, into: &known) }
        case .integer(let number): known.insert(number)
        case .string(let text): known.formUnion(TextMatch.words(text).compactMap { Int64($0) })
        case .null, .bool, .number: break
        }
    }
}
