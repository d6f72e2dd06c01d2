public import JSON
public import Tenancy

extension BrandVoice {
    /// The voice of a company: what its `brandPersonality` describes, and over that what `settings.voice` sets.
    public init(_ company: Company) {
        self.init(personality: company.brandPersonality)
        let set = company.settings.voice
        tone = set["tone"]?.stringValue.flatMap(Tone.init(rawValue:)) ?? tone
        address = set["address"]?.stringValue.flatMap(Address.init(rawValue:)) ?? address
        emoji = set["emoji"]?.stringValue.flatMap(Emoji.init(rawValue:)) ?? emoji
        greeting = set["greeting"]?.stringValue.flatMap { $0.isEmpty ? nil : $0 } ?? greeting
        closing = set["closing"]?.stringValue.flatMap { $0.isEmpty ? nil : $0 } ?? closing
        signature = set["signature"]?.stringValue.flatMap { $0.isEmpty ? nil : $0 } ?? signature
        if let words = set["forbiddenWords"]?.arrayValue { forbiddenWords = words.compactMap(\.stringValue) }
        if let names = set["languages"]?.arrayValue {
            languages = names.compactMap { $0.stringValue.flatMap(Language.init(rawValue:)) }
        }
    }

    /// The forbidden words that a text says, as whole words without regard to case and accents.
    public func violations(in text: String) -> [String] {
        guard !forbiddenWords.isEmpty else { return [] }
        let line = " " + TextMatch.words(text).joined(separator: " ") + " "
        return forbiddenWords.filter { word in
            let folded = TextMatch.words(word).joined(separator: " ")
            return !folded.isEmpty && line.contains(" \(folded) ")
        }
    }

    /// A set phrase, or nothing when it says a forbidden word.
    func allowed(_ phrase: String) -> String { violations(in: phrase).isEmpty ? phrase : "" }
}

extension BrandVoice: JSONEncodable {
    /// Writes `{tone, address, emoji, greeting, closing, signature, forbiddenWords, languages}`.
    public func encode(into writer: inout JSONWriter) {
        writer.object {
            $0.field("tone", tone.rawValue)
            $0.field("address", address.rawValue)
            $0.field("emoji", emoji.rawValue)
            $0.field("greeting", greeting)
            $0.field("closing", closing)
            $0.field("signature", signature)
            $0.field("forbiddenWords", forbiddenWords)
            $0.field("languages", languages.map(\.rawValue))
        }
    }
}
