import Foundation
import JSON

/// What is known of an order while it is being asked for, one thing at a time. Lives in the note of a pending question.
struct OrderForm: Sendable, Hashable {
    /// What is asked for.
    enum Slot: String, Sendable, Hashable { case quantity, name, contact }

    /// The name of the skill whose question it is.
    static let skill = "order"

    var productId: String
    var productName: String
    var quantity: Int64?
    var name: String?
    var asks = Slot.quantity
    /// Answers in a row that did not fit.
    var misses = 0

    init(_ product: CatalogEntry, quantity: Int64?) {
        productId = product.id
        productName = product.name
        self.quantity = quantity
    }

    init?(_ note: String) {
        guard let json = try? JSONValue.parse(Array(note.utf8)), let id = json["id"]?.stringValue,
            let product = json["product"]?.stringValue, let asks = json["asks"]?.stringValue.flatMap(Slot.init)
        else { return nil }
        productId = id
        productName = product
        quantity = json["quantity"]?.integerValue
        name = json["name"]?.stringValue
        self.asks = asks
        misses = json["misses"]?.integerValue.flatMap { Int(exactly: $0) } ?? 0
    }

    var note: String {
        var json: JSONObject = [
            "id": .string(productId), "product": .string(String(productName.prefix(200))),
            "asks": .string(asks.rawValue), "misses": .integer(Int64(misses)),
        ]
        json["quantity"] = quantity.map { .integer($0) }
        json["name"] = name.map { .string($0) }
        return json.encodedString
    }

    // MARK: Reading answers

    private static let numbers: [String: Int64] = [
        "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
        "ten": 10, "un": 1, "uno": 1, "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7,
        "ocho": 8, "nueve": 9, "diez": 10,
    ]

    /// The number that a word stands for, 1 to 100,000.
    static func number(_ word: String) -> Int64? {
        let number = Int64(word) ?? numbers[word]
        return number.flatMap { (1...100_000).contains($0) ? $0 : nil }
    }

    static func quantity(in text: FoldedText) -> Int64? {
        text.words.count <= 8 ? TextMatch.words(text.original).lazy.compactMap { number($0) }.first : nil
    }

    private static let introductions = [
        ["my", "name", "is"], ["i", "am"], ["i'm"], ["it's"], ["this", "is"], ["me", "llamo"], ["mi", "nombre", "es"],
        ["soy"],
    ]

    static func name(in text: FoldedText) -> String? {
        let words = text.words.map(\.folded)
        let skipped = introductions.first { words.starts(with: $0) && words.count > $0.count }?.count ?? 0
        let name = text.text(from: skipped)
        return (1...200).contains(name.unicodeScalars.count) && words.count - skipped <= 8 ? name : nil
    }

    /// An e-mail address or a phone number.
    static func contact(in text: FoldedText) -> String? {
        for word in text.words {
            let parts = word.folded.split(separator: "@", omittingEmptySubsequences: false)
            if parts.count == 2, !parts[0].isEmpty, parts[1].contains("."), word.folded.utf8.count <= 254 {
                return word.folded
            }
        }
        let digits = text.original.filter { $0.isASCII && ($0.isNumber || $0 == "+") }
        return (6...20).contains(digits.count) ? digits : nil
    }
}

extension JSONObject {
    fileprivate var encodedString: String { String(decoding: encoded, as: UTF8.self) }
}
