import Foundation

/// Finds what looks like a secret in a text: keys, tokens, private keys. Linear; a word is looked at once.
enum SecretPatterns {
    private static let prefixes: [(text: String, rest: Int)] = [
        ("sk-", 16), ("sb_live_", 8), ("sb_test_", 8), ("ghp_", 20), ("gho_", 20), ("github_pat_", 20), ("glpat-", 16),
        ("xoxb-", 10), ("xoxp-", 10), ("xoxa-", 10), ("AKIA", 16), ("ASIA", 16), ("AIza", 30), ("ya29.", 20),
        ("eyJ", 30), ("rk_live_", 10), ("sk_live_", 10), ("sk_test_", 10), ("whsec_", 16),
    ]

    /// Whether there is one.
    static func isIn(_ text: String) -> Bool {
        if text.contains("PRIVATE KEY-----") { return true }
        return words(text).contains { word in
            prefixes.contains { prefix in
                word.hasPrefix(prefix.text) && word.utf8.count >= prefix.text.utf8.count + prefix.rest
                    && (prefix.text != "eyJ" || word.count { $0 == "." } == 2)
            }
        }
    }

    /// The ids of rows that a text names and `known` does not hold: nobody showed them to the model.
    static func strangeIds(in text: String, known: (String) -> Bool) -> Bool {
        words(text).contains { word in
            word.utf8.count == 36 && UUID(uuidString: String(word)) != nil && !known(word.lowercased())
        }
    }

    private static func words(_ text: String) -> [Substring] {
        text.split { character in
            !(character.isASCII && (character.isLetter || character.isNumber || "-_.".contains(character)))
        }.map { word in
            var word = word
            while word.last == "." { word.removeLast() }
            return word
        }
    }
}
