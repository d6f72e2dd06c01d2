/// How well a product fits the words of a question, from 0 to 1.
enum CatalogMatch {
    static let known = TextMatch.known
    static let sure = TextMatch.sure
    static let lead = TextMatch.lead

    static func score(_ product: CatalogEntry, _ query: [String]) -> Double {
        guard !query.isEmpty else { return 0 }
        let name = words(product.name)
        let sku = product.sku.map(words) ?? []
        let description = Array(words(product.description).prefix(300))
        if name == query || sku == query || name.filter({ !SalesIntent.isFiller($0) }) == query { return 1.2 }
        return TextMatch.score(title: name, also: sku, body: description, query)
    }

    static func words(_ text: String) -> [String] { TextMatch.words(text) }

    /// How alike two texts look, by pairs of letters; for "did you mean".
    static func likeness(_ a: String, _ b: String) -> Double {
        let first = pairs(a)
        let second = pairs(b)
        guard !first.isEmpty, !second.isEmpty else { return 0 }
        return Double(2 * first.intersection(second).count) / Double(first.count + second.count)
    }

    private static func pairs(_ text: String) -> Set<String> {
        var pairs: Set<String> = []
        for word in words(text).prefix(20) {
            let letters = Array(" " + word + " ")
            for index in letters.indices.dropLast() { pairs.insert(String(letters[index...index + 1])) }
        }
        return pairs
    }
}
