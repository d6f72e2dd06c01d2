import Synchronization
import Testing

@testable import Agents

@Suite("Streamed text goes out by whole sentences that were checked")
struct SentenceReleaseTests {
    /// What goes out when a text comes in pieces of this size.
    private func shown(
        _ text: String, by size: Int, prepare: @escaping @Sendable (String) -> String? = { $0 }
    ) -> [String] {
        var release = SentenceRelease(prepare)
        var out: [String] = []
        var rest = text[...]
        while !rest.isEmpty {
            if let new = release.add(String(rest.prefix(size))) { out.append(new) }
            rest = rest.dropFirst(size)
        }
        return out
    }

    @Test("By sentence and line, the same however the pieces are cut", arguments: [1, 2, 3, 7, 50])
    func sentences(_ size: Int) {
        let text = "It costs 3.50 now. Really? Yes!\nLine two\nrest without end"
        #expect(shown(text, by: size).joined() == "It costs 3.50 now. Really? Yes!\nLine two\n")
        #expect(shown("One. Two. x", by: 1) == ["One.", " Two."])
    }

    @Test("Without a sentence's end by 200 characters, at a space")
    func longest() {
        let text = String(repeating: "word ", count: 100)
        let out = shown(text, by: 5)
        #expect(out.count >= 2)
        #expect(out.allSatisfy { $0.hasSuffix(" ") && $0.count <= 210 })
        #expect(text.hasPrefix(out.joined()))
    }

    @Test("What is still open is held back until it is closed")
    func open() {
        #expect(shown("Look <b. x ", by: 1).isEmpty)
        #expect(shown("See [a. b](http", by: 1).isEmpty)
        #expect(shown("<think>No. Yes. ", by: 1).isEmpty)
        #expect(shown("<think>No. </think>Yes. x", by: 1, prepare: { PlainText.make($0) }).joined() == "Yes.")
    }

    @Test("After a check failed nothing more goes out, and nothing of the failed part")
    func stopped() {
        let out = shown("Fine. Bad word. Fine again. ", by: 1) { $0.contains("Bad") ? nil : $0 }
        #expect(out == ["Fine."])
    }

    @Test("Cleaning what was half shown does not repeat or lose text")
    func cleaned() {
        let out = shown("One.\u{200B} Two. Three. x", by: 1) { PlainText.make($0) }
        #expect(out.joined() == "One. Two. Three.")
    }

    @Test("A draft that was seen is taken back once")
    func draft() {
        let seen = Mutex<[DraftChange]>([])
        let writer = DraftWriter({ $0 }, send: { change in seen.withLock { $0.append(change) } })
        writer.add("Half")
        #expect(!writer.reset())
        writer.add("Whole one. And")
        #expect(writer.reset())
        #expect(!writer.reset())
        writer.add("Again. x")
        #expect(seen.withLock { $0 } == [.text("Whole one."), .reset, .text("Again.")])
    }
}
