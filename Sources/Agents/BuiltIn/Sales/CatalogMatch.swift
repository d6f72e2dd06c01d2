/// How well a product fits the words of a question, from 0 to 1.
enum CatalogMatch {
    /// Below this nothing was found.
    static let known = 0.25
    /// From this on a product may be the answer.
    static let sure = 0.45
    /// By this much it must lead the second.
    static let lead = 0.12

    static func score(_ product: CatalogEntry, _ query: [String]) -> Double {
        guard !query.isEmpty else { return 0 }
        let name = words(product.name)
        let sku = product.sku.map(words) ?? []
        let description = Array(words(product.description).prefix(300))
        if name == query || sku == query || name.filter({ !SalesIntent.isFiller($0) }) == query { return 1.2 }
        var covered = 0.0
        var namedWords: Set<String> = []
        for word in query {
            var best = 0.0
            for other in name + sku {
                let similarity = similarity(word, other)
                if similarity > 0.7 { namedWords.insert(other) }
                best = max(best, similarity)
            }
            for other in description where best < 0.5 { best = max(best, 0.5 * similarity(word, other)) }
            covered += best
        }
        let nameShare = name.isEmpty ? 0 : Double(name.count { namedWords.contains($0) }) / Double(name.count)
        return 0.8 * covered / Double(query.count) + 0.2 * nameShare
    }

    static func words(_ text: String) -> [String] {
        var words: [String] = []
        for word in FoldedText(text).words {
            words += word.folded.split { !$0.isLetter && !$0.isNumber }.map(String.init)
        }
        return words
    }

    /// 1 for the same word, less for plurals, beginnings and typing errors, 0 for another word.
    private static func similarity(_ a: String, _ b: String) -> Double {
        if a == b { return 1 }
        if stem(a) == stem(b) { return 0.95 }
        let shorter = min(a.count, b.count)
        guard shorter >= 4, a.first(where: \.isNumber) == nil else { return 0 }
        if a.hasPrefix(b) || b.hasPrefix(a) { return 0.8 }
        return EditDistance.between(a, b, atMost: shorter >= 7 ? 2 : 1) == nil ? 0 : 0.75
    }

    private static func stem(_ word: String) -> Substring {
        guard word.count > 3 else { return word[...] }
        if word.hasSuffix("ies") { return word.dropLast(3) }
        if word.hasSuffix("es"), word.count > 4 { return word.dropLast(2) }
        if word.hasSuffix("s") || word.hasSuffix("y") || word.hasSuffix("e") { return word.dropLast() }
        return word[...]
    }

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
