import Testing

@testable import Agents

@Suite struct BrandVoiceTests {
    static let voices: [(String, BrandVoice.Tone, BrandVoice.Address, BrandVoice.Emoji)] = [
        ("", .friendly, .tu, .none), ("Formal and serious, always usted.", .formal, .usted, .none),
        ("Playful and funny", .playful, .tu, .few), ("Divertido, sin emojis", .playful, .tu, .none),
        ("Elegante y exclusivo", .premium, .usted, .none), ("Not formal, warm and kind", .friendly, .tu, .none),
        ("Formal but we say tú", .formal, .tu, .none), ("Friendly. Use emojis.", .friendly, .tu, .few),
    ]

    @Test(arguments: voices) func followsThePersonality(
        _ text: String, _ tone: BrandVoice.Tone, _ address: BrandVoice.Address, _ emoji: BrandVoice.Emoji
    ) {
        let voice = BrandVoice(personality: text)
        #expect(voice.tone == tone && voice.address == address && voice.emoji == emoji, "\(text): \(voice)")
    }

    @Test func takesItsExactWords() {
        let english = BrandVoice(
            personality: """
                Warm. Greet with "Hey there! How are you?". Sign off with "See you soon".
                Sign as The Lyrox team
                Never say cheap, bargain or "deal"; avoid the words refund and problem.
                """)
        #expect(english.greeting == "Hey there! How are you?" && english.closing == "See you soon")
        #expect(english.signature == "The Lyrox team")
        #expect(english.forbiddenWords == ["deal", "refund", "problem"])
        let spanish = BrandVoice(
            personality: "Cercano. Saluda con «¡Qué tal!». Firma como Tienda Sol. No digas barato ni caro.")
        #expect(spanish.greeting == "¡Qué tal!" && spanish.signature == "Tienda Sol")
        #expect(spanish.forbiddenWords == ["barato", "caro"])
    }

    @Test(arguments: ["Greeting customers warmly matters", "End with a question", "Signature style: bold"])
    func mannersAreNoExactWords(_ text: String) {
        let voice = BrandVoice(personality: text)
        #expect(voice.greeting == nil && voice.closing == nil && voice.signature == nil)
    }

    @Test func saysNoForbiddenWord() {
        var voice = BrandVoice(tone: .formal)
        voice.forbiddenWords = ["Certainly", "of course"]
        #expect(voice.violations(in: "certainly, of course!") == ["Certainly", "of course"])
        #expect(voice.violations(in: "uncertainly on course").isEmpty)
        let words = SalesPhrases(voice: voice, language: .english, company: "Lyrox")
        #expect(words.opening.isEmpty && words.framed("It costs nothing.").hasPrefix("It costs nothing."))
    }

    @Test func aVoiceCannotBeMadeSlowOrLong() {
        let long = String(repeating: "Never say a, b, c. Greet with \"x\". ", count: 2_000)
        let voice = BrandVoice(personality: long)
        #expect(voice.forbiddenWords.count <= 100 && voice.greeting == "x")
        #expect(BrandVoice(personality: "Greet with " + String(repeating: "x", count: 300)).greeting == nil)
    }
}
