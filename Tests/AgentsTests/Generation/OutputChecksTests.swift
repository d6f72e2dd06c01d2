import Foundation
import JSON
import LanguageModels
import Testing

@testable import Agents

@Suite("No text is shown that fails a check")
struct OutputChecksTests {
    private func checks(
        _ results: [JSONValue] = [], forbidden: [String] = [], languages: [Language] = [], said: String = "",
        limit: Int = 4_000
    ) -> OutputChecks {
        OutputChecks(
            links: .none, forbidden: forbidden, languages: languages, results: results, said: said,
            maximumCharacters: limit)
    }

    @Test("An amount must come from a tool of this turn")
    func prices() {
        let result: JSONValue = ["products": [["name": "Plan", "priceCents": 8_900, "currency": "EUR"]]]
        #expect(checks([result]).fault(in: "It costs €89.00.") == nil)
        #expect(checks([result]).fault(in: "It costs €79.") == .ungroundedPrice)
        #expect(checks().fault(in: "It costs 89 euros.") == .ungroundedPrice)
        #expect(checks(said: "is it $5?").fault(in: "Yes, $5.") == .ungroundedPrice, "what was said proves nothing")
    }

    @Test(
        "Secrets",
        arguments: [
            "the key is sk-abcdefghijklmnop1234", "AKIAABCDEFGHIJKLMNOP", "sb_live_0123456789",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abcdefghijklmnop", "-----BEGIN RSA PRIVATE KEY-----",
            "id 0190b9a0-1111-7222-8333-444455556666",
        ])
    func secrets(_ text: String) { #expect(checks().fault(in: text) == .secret) }

    @Test("Ids that a tool or the person named are no secret, and words are no keys")
    func noSecrets() {
        let id = "0190b9a0-1111-7222-8333-444455556666"
        #expect(checks([["note": .string("for \(id)")]]).fault(in: "It is \(id.uppercased()).") == nil)
        #expect(checks(said: "what about \(id)?").fault(in: "Nothing about \(id).") == nil)
        #expect(checks().fault(in: "sk-short, eyJust, a task-list-with-many-parts") == nil)
    }

    @Test("Words the company does not use, whole and without regard to case and accents")
    func forbidden() {
        let checks = checks(forbidden: ["cheap", "precio bajo"])
        #expect(checks.fault(in: "It is Cheap!") == .forbiddenWord("cheap"))
        #expect(checks.fault(in: "Un PRÉCIO bajo.") == .forbiddenWord("precio bajo"))
        #expect(checks.fault(in: "Cheapest") == nil)
    }

    @Test("The company's languages, for whole answers")
    func languages() {
        let spanish = checks(languages: [.spanish])
        #expect(spanish.fault(in: "This is what you asked for.") == .language([.spanish]))
        #expect(spanish.fault(in: "This is what you asked for.", isWhole: false) == nil)
        #expect(spanish.fault(in: "Esto es lo que querías, gracias.") == nil)
    }

    @Test("Nothing is no answer; too much is cut after a sentence")
    func length() {
        #expect(checks().fault(in: checks().clean("<think>x</think> \n")) == .empty)
        let text = String(repeating: "A sentence. ", count: 20)
        let cut = checks(limit: 100).clean(text)
        #expect(cut.count <= 100 && cut.hasSuffix("sentence."))
        #expect(checks(limit: 10).clean("abcdefghijklmnop").count == 10)
    }
}

@Suite("What a model writes as a call")
struct ToolCallReadingTests {
    private func read(_ text: String) -> Result<JSONObject, ToolCallReading.Fault> {
        Result { () throws(ToolCallReading.Fault) in
            try ToolCallReading.arguments(.init(id: "c", name: "t", arguments: text))
        }
    }

    @Test("Objects, nothing, and an object in a string are arguments; all else is explained")
    func arguments() throws {
        #expect(try read(#"{"a":1}"#).get() == ["a": 1])
        #expect(try read("  ").get() == [:])
        #expect(try read("null").get() == [:])
        #expect(try read(#""{\"a\":1}""#).get() == ["a": 1])
        for bad in ["[1]", "1", "{", #""x""#, "{\"a\":1,\"a\":2}"] {
            guard case .failure(let fault) = read(bad) else { Issue.record("\(bad) was taken"); continue }
            #expect(fault.words.hasPrefix("the arguments"))
        }
    }

    @Test("Reads go together by four, effects alone and in order")
    func batches() {
        let batches = ToolCallReading.batches(Array("rrrrrrwrwwr")) { $0 == "r" }
        #expect(batches.map { String($0) } == ["rrrr", "rr", "w", "r", "w", "w", "r"])
    }

    @Test("A model sees no ids, and can name only those it was shown")
    func references() {
        var table = ReferenceTable()
        let one = "0190b9a0-1111-7222-8333-444455556666"
        let two = "0190b9a0-1111-7222-8333-444455557777"
        let hidden = table.hide(["items": [["id": .string(one)], ["id": .string(two), "same": .string(one)]]])
        #expect(hidden == ["items": [["id": "ref1"], ["id": "ref2", "same": "ref1"]]])
        #expect(
            table.reveal(["id": "ref2", "list": ["ref1", "ref9"]]) == [
                "id": .string(two), "list": [.string(one), "ref9"],
            ])
    }
}
