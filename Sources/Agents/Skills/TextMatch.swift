/// How well a text fits the words of a question, from 0 to 1: for products, questions, topics. Stems of English and
/// Spanish, beginnings and typing errors count nearly as the word itself.
enum TextMatch {
    /// Below this nothing was found.
    static let known = 0.25
    /// From this on a text may be the answer.
    static let sure = 0.45
    /// By this much it must lead the second.
    static let lead = 0.12

    /// - Parameters:
    ///   - title: the words that name the thing; nobody is expected to say all of them.
    ///   - also: words that name it too, such as its number.
    ///   - body: the words that describe it; they count half.
    static func score(title: [String], also: [String] = [], body: [String], _ query: [String]) -> Double {
        guard !query.isEmpty else { return 0 }
        var covered = 0.0
        var named: Set<String> = []
        for word in query {
            var best = 0.0
            for other in title + also {
                let similarity = similarity(word, other)
                if similarity > 0.7 { named.insert(other) }
                best = max(best, similarity)
            }
            for other in body where best < 0.5 { best = max(best, 0.5 * similarity(word, other)) }
            covered += best
        }
        let share = title.isEmpty ? 0 : Double(title.count { named.contains($0) }) / Double(title.count)
        return 0.8 * covered / Double(query.count) + 0.2 * share
    }

    /// The words of a text, folded and cut at signs.
    static func words(_ text: String) -> [String] {
        var words: [String] = []
        for word in FoldedText(text).words {
            words += word.folded.split { !$0.isLetter && !$0.isNumber }.map(String.init)
        }
        return words
    }

    /// The words that say what a text is about; all of them when none does.
    static func contentWords(_ text: String) -> [String] {
        let all = words(text)
        let content = all.filter { !smallWords.contains($0) }
        return content.isEmpty ? all : content
    }

    private static let smallWords: Set<String> = Set(
        """
        what what's whats which who when where why how much many do does did can could would will should you your yours \
        we our us i me my is are be it its this that these those to in on at for of the a an and or with please tell \
        know about any there have has get got i'd i'm que cual cuales como cuando donde cuanto cuanta cuantos cuantas \
        por para el la los las un una unos unas de del en al a y o con mi mis tu tus su sus se me te lo les es son hay \
        tienen tiene tienes puedo puede pueden favor quiero quisiera saber sobre hola hi hello
        """.split(separator: " ").map(String.init))

    /// 1 for the same word, less for plurals, beginnings and typing errors, 0 for another word.
    static func similarity(_ a: String, _ b: String) -> Double {
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
}
