import Testing

@testable import Channels

@Suite struct TextSplitTests {
    @Test func shortTextsStayWhole() {
        #expect(TextSplit.parts("Hello", limit: 4_096) == ["Hello"])
        #expect(TextSplit.parts("  \n ", limit: 4_096) == [])
        let exact = String(repeating: "a", count: 4_096)
        #expect(TextSplit.parts(exact, limit: 4_096) == [exact])
    }

    @Test func cutsAfterParagraphsThenSentencesThenWords() {
        let first = String(repeating: "a", count: 60)
        #expect(
            TextSplit.parts("\(first)\n\nNext one. And more words here", limit: 80)
                == [first, "Next one. And more words here"])
        #expect(
            TextSplit.parts("\(first). Next words go on and on", limit: 75)
                == ["\(first).", "Next words go on and on"])
        #expect(TextSplit.parts("\(first) bbbb cccc dddd", limit: 72) == ["\(first) bbbb cccc", "dddd"])
    }

    @Test(arguments: [10, 17, 4_096]) func noPartIsTooLongAndNothingIsLost(limit: Int) {
        let text = (0..<3_000).map { "word\($0)\($0 % 7 == 0 ? ". " : " ")\($0 % 50 == 0 ? "👩‍👩‍👧‍👧\n\n" : "")" }.joined()
        let parts = TextSplit.parts(text, limit: limit)
        #expect(parts.allSatisfy { $0.utf16.count <= max(limit, 11) && !$0.isEmpty })
        #expect(parts.joined().filter { !$0.isWhitespace } == text.filter { !$0.isWhitespace })
    }

    @Test func aTextWithoutAnyPlaceToCutIsCutAllTheSame() {
        let parts = TextSplit.parts(String(repeating: "x", count: 10_000), limit: 4_096)
        #expect(parts.map(\.count) == [4_096, 4_096, 1_808])
    }
}
