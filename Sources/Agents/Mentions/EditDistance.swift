/// Counts the typing errors between two short words: insert, delete, replace, or swap two neighbours.
enum EditDistance {
    /// The number of errors, or nil when there are more than `limit`.
    static func between(_ first: String, _ second: String, atMost limit: Int) -> Int? {
        let a = Array(first.unicodeScalars)
        let b = Array(second.unicodeScalars)
        guard abs(a.count - b.count) <= limit else { return nil }
        var older: [Int] = []
        var previous = Array(0...b.count)
        for i in a.indices {
            var current = [i + 1]
            for j in b.indices {
                var best = min(previous[j] + (a[i] == b[j] ? 0 : 1), previous[j + 1] + 1, current[j] + 1)
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, older[j - 1] + 1) }
                current.append(best)
            }
            older = previous
            previous = current
        }
        let distance = previous[b.count]
        return distance <= limit ? distance : nil
    }
}
