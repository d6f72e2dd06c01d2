import Testing

@testable import Agents

@Suite("A model's text becomes plain text")
struct PlainTextTests {
    @Test(
        "What nobody sees is gone, what means something stays",
        arguments: [
            ("a\u{0}b\u{7}c\td\r\ne\rf", "abc\td\ne\nf"), ("pay\u{202E}load\u{202C}\u{2066}!", "payload!"),
            ("ze\u{200B}ro\u{FEFF}\u{2060}\u{AD}", "zero"), ("i\u{E0041}\u{E007F}d", "id"),
            ("👨\u{200D}👩\u{200D}👧", "👨\u{200D}👩\u{200D}👧"), ("a\u{200D}b", "ab"),
            ("می\u{200C}خواهم", "می\u{200C}خواهم"),
            ("a\u{2028}b", "a\nb"), ("日本語 🙂 ñ", "日本語 🙂 ñ"),
        ])
    func visible(_ text: String, _ expected: String) { #expect(PlainText.visible(text) == expected) }

    @Test(
        "HTML goes, comparisons stay",
        arguments: [
            ("<b>Hi</b> there", "Hi there"), ("a < b > c", "a < b > c"), ("x<script>alert(1)</script>y", "xy"),
            ("x<SCRIPT src=a>evil()", "x"), ("<img src=x onerror=alert(1)", ""), ("a<!-- b -->c", "ac"),
            ("<img src=x\nnext", "\nnext"), ("see <https://a.example/x>.", "see https://a.example/x."),
            ("1 <2 and 3<4", "1 <2 and 3<4"), ("<<b>>", "<>"),
        ])
    func tags(_ text: String, _ expected: String) { #expect(PlainText.withoutTags(text) == expected) }

    @Test(
        "Pictures go with their addresses",
        arguments: [
            ("a ![alt](https://evil.example/?q=secret) b", "a  b"), ("![x][ref] y", " y"), ("![open](http://a", ""),
            ("wow! [a](b)", "wow! [a](b)"), ("![just words] after", "just words after"),
        ])
    func images(_ text: String, _ expected: String) { #expect(PlainText.withoutImages(text) == expected) }

    @Test("Thoughts of local models go, open ones to the end")
    func thoughts() {
        #expect(PlainText.make("<think>the price is secret</think>Hello") == "Hello")
        #expect(PlainText.make("<think>never ends") == "")
    }

    @Test("Hostile sizes take linear time")
    func linear() {
        for part in ["<", "![", "<script", "<!--", "<think>", "a<b", "](", "[]("] {
            let text = String(repeating: part, count: 20_000)
            let start = ContinuousClock.now
            _ = LinkRule.none.apply(PlainText.make(text))
            #expect(ContinuousClock.now - start < .seconds(5), "\(part)")
        }
    }
}

@Suite("Links stay when they are the company's, or shared by a tool to the letter")
struct LinkRuleTests {
    private let rule = LinkRule(hosts: ["shop.example"], shared: ["https://pay.example/i/7?x=1"])

    @Test(
        "Of other links nothing but a label stays",
        arguments: [
            ("see https://shop.example/a.", "see https://shop.example/a."),
            ("see https://www.shop.example/a", "see https://www.shop.example/a"),
            ("see https://evil.example/?d=secret.", "see ."), ("[here](https://evil.example/x)", "here"),
            ("[here](https://shop.example/x)", "[here](https://shop.example/x)"),
            ("pay https://pay.example/i/7?x=1 now", "pay https://pay.example/i/7?x=1 now"),
            ("pay https://pay.example/i/8 now", "pay now"), ("www.evil.example", ""),
            ("evil.example/steal?d=1 x", " x"), ("shop.example/ok", "shop.example/ok"),
            ("[a](javascript:alert(1))", "a)"), ("javascript:alert(1)", ")"),
            ("In JavaScript: use the data: 5", "In JavaScript: use the data: 5"), ("data:text/html;x", ""),
            ("https://shop.example@evil.example/", ""), ("https://shop.example.evil.example/", ""),
            ("(https://evil.example)", "()"), ("ftp://shop.example/x", ""), ("HTTPS://EVIL.EXAMPLE/x", ""),
            ("and/or 3.5/4 1/2", "and/or 3.5/4 1/2"), ("a.b", "a.b"),
            ("write to jo@shop.example", "write to jo@shop.example"),
        ])
    func links(_ text: String, _ expected: String) { #expect(rule.apply(text) == expected) }
}
