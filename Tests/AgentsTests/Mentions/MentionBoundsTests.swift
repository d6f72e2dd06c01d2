import Testing

@testable import Agents

/// Hostile input: no construct makes the parser do more than a fixed number of steps per scalar, and nothing traps it.
@Suite struct MentionBoundsTests {
    static let hostile = [
        "@", "@a", "@a ", "@mail ", "@mail,", "@a.", "@a-", "@a_", "`", "` ``", "``a`b``` ", "~~~\n", "```\n", "[",
        "](", "[](",
        "[a](", "[a]((", "[a](b c", "[a](<b", "(", ")", "[a](x)", "://", "a://", "www.", "mailto:", "data:", "*", "_@",
        "~*_",
        "@*", "*@*a*", ">", "> @mail\n", "- ", "-@", "1. ", "- [ ] ", "hey ", "hey, @a ", "por favor ", "   @a", "\\",
        "\\[",
        "\n", "\r", "\r\n", "e\u{301}", "\u{301}", "\u{301}@", "\u{315}\u{301}", "\u{200B}", "@\u{200B}", "＠", "漢",
        "@漢", "👩‍👩‍👧",
        "\u{1100}\u{1161}", "'", "\"", "\"@a\" ", "@a's ", "and ", "@a and ", "@a & ", ".", "..@a", "- @mail x\n",
        "\u{212A}",
        "@mail @cal ", "@nobody. ", "\u{FE0F}", "\u{2028}", "@mail " + String(repeating: " ", count: 60),
    ]

    @Test(arguments: hostile)
    func linearTime(_ construct: String) {
        for (prefix, suffix) in [("", ""), ("@mail ", " x"), ("[a](", ")"), ("`", "`")] {
            let count = 8_000 / construct.unicodeScalars.count
            let text = prefix + String(repeating: construct, count: count) + suffix
            let parsed = MentionParser.parse(text, directory: directory())
            #expect(parsed.steps <= 40 * text.unicodeScalars.count + 100)
            #expect(parsed.unknown.count <= MentionParser.maximumUnknown)
        }
    }

    @Test func nestedLinksAreLinear() {
        let depth = 1_500
        let text = String(repeating: "[a](", count: depth) + "x @mail" + String(repeating: ")", count: depth)
        #expect(MentionParser.parse(text, directory: directory()).steps <= 40 * text.unicodeScalars.count)
    }

    @Test(arguments: 0..<40)
    func fuzz(_ seed: Int) {
        var random = SplitMix(state: UInt64(seed))
        for _ in 0..<50 {
            var text = ""
            for _ in 0..<random.next(below: 30) { text += Self.piece(&random) }
            for author in [MentionAuthor.member, .customer] { check(text, author) }
        }
    }

    private static func piece(_ random: inout SplitMix) -> String {
        if random.next(below: 4) == 0, let scalar = Unicode.Scalar(UInt32(random.next(below: 0x3000))) {
            return String(scalar)
        }
        let words = ["@mail", "@cal", "@human", " ", "\n", "find it", "vip", "@vip", "@mem's", "¿", ").", "…"]
        let all = hostile + words
        return all[random.next(below: all.count)]
    }

    private func check(_ text: String, _ author: MentionAuthor) {
        let parsed = MentionParser.parse(text, directory: directory(author))
        let scalars = Array(text.unicodeScalars)
        #expect(parsed.agents.count <= 3)
        #expect(Set(parsed.agents.map(\.name)).count == parsed.agents.count)
        #expect(!(parsed.human && !parsed.agents.isEmpty))
        #expect(parsed.steps <= 40 * scalars.count + 100)
        for agent in parsed.agents {
            #expect(author == .member || agent.name == "sales" || agent.name == "soporte-vip")
            for line in agent.segment.unicodeScalars.split(whereSeparator: \.isLineBreak) {
                #expect(contains(scalars, Array(line)), "\(Substring(line)) is not of \(text.debugDescription)")
            }
        }
        for mention in parsed.mentions { #expect(mention.range.upperBound <= scalars.count) }
    }

    private func contains(_ text: [Unicode.Scalar], _ part: [Unicode.Scalar]) -> Bool {
        guard part.count <= text.count else { return false }
        return (0...(text.count - part.count)).contains { text[$0..<$0 + part.count].elementsEqual(part) }
    }
}

/// A small random generator whose run a seed repeats.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func next(below bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
