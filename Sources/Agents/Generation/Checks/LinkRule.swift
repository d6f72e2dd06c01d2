import Foundation

/// Which links a reply keeps: those to the company's own sites, and those that a tool returned for showing, to the
/// letter. Of others only a Markdown link's label stays.
struct LinkRule: Sendable, Hashable {
    /// Hosts in lower case; their subdomains count too.
    var hosts: Set<String>
    /// Addresses that may be repeated as they are.
    var shared: Set<String>

    /// A rule without exceptions.
    static let none = LinkRule(hosts: [], shared: [])

    /// The text with only the links that may stay.
    func apply(_ text: String) -> String {
        bare(labelled(text)).replacing("  ", with: " ")
    }

    func allows(_ link: String) -> Bool {
        if shared.contains(link) { return true }
        guard let host = Self.host(of: link) else { return false }
        return hosts.contains { host == $0 || host.hasSuffix(".\($0)") }
    }

    /// The host of a web address in lower case; nil for other schemes and addresses with credentials.
    static func host(of link: String) -> String? {
        let lower = link.lowercased()
        let scheme = ["https://", "http://"].first { lower.hasPrefix($0) }
        let rest = lower.dropFirst(scheme?.count ?? 0)
        guard scheme != nil || !lower.contains("://") else { return nil }
        let authority = rest.prefix { !"/?#\\".contains($0) }
        let host = authority.prefix { $0 != ":" }
        let isHost = host.utf8.allSatisfy { byte in
            (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2D || byte == 0x2E
        }
        return host.isEmpty || authority.contains("@") || !isHost ? nil : String(host)
    }

    /// Markdown links: `[label](address)`.
    private func labelled(_ text: String) -> String {
        var result = ""
        var rest = text[...]
        while let middle = rest.firstRange(of: "](") {
            let before = rest[..<middle.lowerBound]
            let after = rest[middle.upperBound...]
            guard let open = before.lastIndex(of: "["),
                let close = after.prefix(2_000).firstIndex(where: { ")[".contains($0) || $0.isNewline }),
                after[close] == ")"
            else {
                result += rest[..<middle.upperBound]
                rest = after
                continue
            }
            let address = after[..<close].prefix { !$0.isWhitespace }
            let label = before[before.index(after: open)...]
            result += before[..<open]
            result += allows(String(address)) ? "[\(label)](\(address))" : String(label)
            rest = after[after.index(after: close)...]
        }
        return result + rest
    }

    /// Addresses that stand in the text as they are.
    private func bare(_ text: String) -> String {
        var result = ""
        var word = ""
        func close() {
            result += kept(word)
            word = ""
        }
        for character in text {
            if character.isWhitespace {
                close()
                result.append(character)
            } else {
                word.append(character)
            }
        }
        close()
        return result
    }

    private func kept(_ word: String) -> String {
        guard let start = Self.start(of: word) else { return word }
        var link = word[start...]
        var tail = ""
        // The end of a sentence, or what brackets the link, is not part of it.
        while let last = link.last, ".,;:!?)]}>\"'*_”’»".contains(last) {
            tail = String(last) + tail
            link.removeLast()
        }
        if allows(String(link)) { return word }
        return String(word[..<start]) + tail
    }

    /// Where an address begins in a word: a scheme, `www.`, or a host with a path.
    private static func start(of word: String) -> String.Index? {
        let lower = word.lowercased()
        guard lower.count == word.count else { return word.contains("://") ? word.startIndex : nil }
        if let mark = lower.firstRange(of: "://") {
            let scheme = lower[..<mark.lowerBound].reversed().prefix { $0.isASCII && ($0.isLetter || $0.isNumber) }
            let offset = lower.distance(from: lower.startIndex, to: mark.lowerBound) - scheme.count
            return word.index(word.startIndex, offsetBy: offset)
        }
        for mark in ["www.", "javascript:", "data:text/", "data:image/", "data:application/"] {
            if let range = lower.firstRange(of: mark), range.upperBound < lower.endIndex {
                return word.index(
                    word.startIndex, offsetBy: lower.distance(from: lower.startIndex, to: range.lowerBound))
            }
        }
        let opening = lower.prefix { "([{<\"'*_“‘«¿¡".contains($0) }.count
        let rest = lower.dropFirst(opening)
        guard let slash = rest.firstIndex(of: "/"), let dot = rest[..<slash].lastIndex(of: ".") else { return nil }
        let top = rest[rest.index(after: dot)..<slash]
        let isHost =
            host(of: String(rest[..<slash])) != nil && (2...24).contains(top.count) && top.allSatisfy(\.isLetter)
        return isHost ? word.index(word.startIndex, offsetBy: opening) : nil
    }
}
