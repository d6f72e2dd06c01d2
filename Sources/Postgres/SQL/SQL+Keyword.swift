extension SQL {
    /// Whether the statement begins like one that changes nothing (`SELECT`, `VALUES`, `TABLE`, `SHOW`). It decides only
    /// which error is told when the connection is lost: a read is `.connection`, anything else `.outcomeUnknown`. A
    /// `SELECT` of a function that writes counts as a read.
    var readsOnly: Bool {
        guard case .text(let text)? = pieces.first else { return false }
        let word = text.drop { $0.isWhitespace || $0 == "(" }.prefix { $0.isLetter }
        return ["select", "values", "table", "show"].contains(word.lowercased())
    }
}
