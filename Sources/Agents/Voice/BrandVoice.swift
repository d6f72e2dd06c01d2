/// How a company's agents sound, derived from its free text `brandPersonality` by a map of keywords. It governs style
/// only: nothing in the text can change what agents may do.
public struct BrandVoice: Sendable, Hashable {
    /// The manner of speaking.
    public enum Tone: String, Sendable, Hashable, CaseIterable {
        /// Correct and reserved.
        case formal
        /// Warm; what a company that says nothing gets.
        case friendly
        /// Light-hearted.
        case playful
        /// Choice and attentive.
        case premium
    }

    /// How Spanish answers address the reader.
    public enum Address: String, Sendable, Hashable { case tu, usted }
    /// Whether answers carry an emoji.
    public enum Emoji: String, Sendable, Hashable { case none, few }

    /// The manner of speaking.
    public var tone: Tone
    /// How Spanish answers address the reader.
    public var address: Address
    /// Whether answers carry an emoji.
    public var emoji: Emoji
    /// The languages the company speaks, the preferred first; empty for all.
    public var languages: [Language]
    /// What answers begin with where they greet; nil for the tone's own.
    public var greeting: String?
    /// What answers end with; nil for the tone's own.
    public var closing: String?
    /// What stands below answers; nil for nothing.
    public var signature: String?
    /// Words that no answer says.
    public var forbiddenWords: [String] = []

    /// A voice.
    public init(tone: Tone = .friendly, address: Address = .tu, emoji: Emoji = .none, languages: [Language] = []) {
        self.tone = tone
        self.address = address
        self.emoji = emoji
        self.languages = languages
    }

    /// The voice that a company's `brandPersonality` describes.
    public init(personality: String?) {
        self.init()
        guard let personality, !personality.isEmpty else { return }
        let text = FoldedText(personality)
        let words = text.words.map(\.folded)
        var votes: [Tone: Int] = [:]
        for (place, word) in words.enumerated() where !Self.isNegated(words, place) {
            if let tone = Self.tones[word] { votes[tone, default: 0] += 1 }
            if let language = Self.languageNames[word], !languages.contains(language) { languages.append(language) }
        }
        // Of two manners named equally often the more reserved one is the safer.
        let order: [Tone] = [.premium, .formal, .friendly, .playful]
        tone =
            order.max {
                (votes[$0] ?? 0, -(order.firstIndex(of: $0) ?? 0)) < (votes[$1] ?? 0, -(order.firstIndex(of: $1) ?? 0))
            } ?? .friendly
        if votes.isEmpty { tone = .friendly }
        address = Self.address(words, tone)
        emoji = Self.emoji(words, tone)
        let notes = VoiceNotes(personality)
        greeting = notes.greeting
        closing = notes.closing
        signature = notes.signature
        forbiddenWords = notes.forbidden
    }

    /// The language to answer in when the writer used (or may have used) `language`.
    public func language(for language: Language?) -> Language {
        guard let first = languages.first else { return language ?? .english }
        guard let language else { return first }
        return languages.contains(language) ? language : first
    }

    private static let negations: Set<String> = [
        "not", "no", "never", "without", "nunca", "sin", "isn't", "avoid", "evita", "ni",
    ]

    private static func isNegated(_ words: [String], _ place: Int) -> Bool {
        words[max(0, place - 2)..<place].contains { negations.contains($0) }
    }

    private static func address(_ words: [String], _ tone: Tone) -> Address {
        for (place, word) in words.enumerated() where !isNegated(words, place) {
            if word == "usted" || word == "ustedes" { return .usted }
            if ["tu", "tutea", "tutear", "tuteo", "tuteamos"].contains(word) { return .tu }
        }
        return tone == .formal || tone == .premium ? .usted : .tu
    }

    private static func emoji(_ words: [String], _ tone: Tone) -> Emoji {
        if let place = words.firstIndex(where: { ["emoji", "emojis", "emoticons", "emoticonos"].contains($0) }) {
            return isNegated(words, place) ? .none : .few
        }
        return tone == .playful ? .few : .none
    }

    private static let languageNames: [String: Language] = [
        "english": .english, "ingles": .english, "spanish": .spanish, "espanol": .spanish, "castellano": .spanish,
    ]

    private static let tones: [String: Tone] = {
        let words: [Tone: String] = [
            .formal: """
            formal professional serious corporate respectful polite courteous sober profesional serio seria formales \
            respetuoso respetuosa cortes sobrio institucional
            """,
            .friendly: """
            friendly warm kind approachable casual helpful caring welcoming relaxed cercano cercana amable calido calida \
            amigable simpatico simpatica cordial informal
            """,
            .playful: """
            playful fun funny witty quirky cheeky humorous energetic youthful bold divertido divertida jugueton alegre \
            gracioso energico energica atrevido atrevida joven juvenil desenfadado
            """,
            .premium: """
            premium luxury luxurious exclusive elegant refined sophisticated upscale lujo lujoso exclusivo exclusiva \
            elegante refinado refinada sofisticado sofisticada distinguido
            """,
        ]
        var tones: [String: Tone] = [:]
        for (tone, list) in words { for word in list.split(separator: " ") { tones[String(word)] = tone } }
        return tones
    }()
}
