public import Foundation
import JSON
public import Tenancy

/// A question an agent asked and waits for: a choice between numbered options, yes or no, or a time.
public struct PendingQuestion: Sendable, Hashable {
    /// How long an answer is waited for.
    public static let lifetime: TimeInterval = 30 * 60
    /// Options a question may have.
    public static let maximumOptions = 10

    /// One option.
    public struct Option: Sendable, Hashable {
        /// What the person was shown.
        public var label: String
        /// What it stands for, such as an id.
        public var value: String

        /// An option.
        public init(_ label: String, _ value: String) {
            self.label = label
            self.value = value
        }
    }

    /// The skill that asked.
    public var skill: String
    /// The options in the order of their numbers; none for a question of yes or no.
    public var options: [Option]
    /// What the skill needs to go on, in its own form.
    public var note: String
    /// The language of the question.
    public var language: Language
    /// When it was asked.
    public var askedAt: Date
    /// Whether a day or a time is waited for, and not yes or no.
    public var awaitsTime: Bool
    /// The message that ``note`` comes from, where it shall be remembered.
    public var origin: MemoryOrigin?

    /// A question.
    public init(
        skill: String, options: [Option] = [], note: String = "", language: Language, askedAt: Date,
        awaitsTime: Bool = false
    ) {
        self.skill = skill
        self.options = Array(options.prefix(Self.maximumOptions))
        self.note = note
        self.language = language
        self.askedAt = askedAt
        self.awaitsTime = awaitsTime
    }

    func isOpen(at now: Date) -> Bool { now.timeIntervalSince(askedAt) < Self.lifetime }
}

/// What was answered to a pending question.
public enum PendingReply: Sendable, Hashable {
    /// One of the options.
    case option(PendingQuestion.Option)
    /// Yes.
    case yes
    /// No.
    case no
    /// The day or time that was asked for, as it was written.
    case value(String)

    private static let yesWords: Set<String> = [
        "yes", "y", "yep", "yeah", "sure", "ok", "okay", "yes please", "please", "do it", "go ahead", "si", "claro",
        "vale",
        "dale", "por favor", "si por favor", "adelante", "confirmo",
    ]
    private static let noWords: Set<String> = [
        "no", "n", "nope", "no thanks", "no thank you", "no gracias", "cancel", "cancela",
    ]
    private static let before: Set<String> = [
        "the", "number", "option", "no", "el", "la", "numero", "opcion", "choose", "elijo", "quiero",
    ]
    private static let ordinals: [String: Int] = [
        "first": 1, "second": 2, "third": 3, "one": 1, "two": 2, "three": 3, "primero": 1, "primera": 1, "segundo": 2,
        "segunda": 2, "tercero": 3, "tercera": 3, "uno": 1, "una": 1, "dos": 2, "tres": 3,
    ]

    /// Reads an instruction as the answer to a question; nil when it is something else.
    static func read(_ text: FoldedText, for question: PendingQuestion) -> PendingReply? {
        let line = text.words.map { $0.folded.filter { $0 != "," && $0 != "#" } }.joined(separator: " ")
        if question.options.isEmpty, question.awaitsTime {
            return noWords.contains(line) ? .no : time(text).map { .value($0) }
        }
        if question.options.isEmpty {
            if yesWords.contains(line) { return .yes }
            return noWords.contains(line) ? .no : nil
        }
        if let same = question.options.first(where: { FoldedText($0.label).line == text.line }) { return .option(same) }
        if noWords.contains(line) { return .no }
        var words = line.split(separator: " ").map(String.init)[...]
        while words.count > 1, let first = words.first, before.contains(first) { words.removeFirst() }
        if words.count == 2, words.last == "one" || words.last == "please" { words.removeLast() }
        guard words.count == 1, let word = words.first, let number = Int(word) ?? ordinals[word] else { return nil }
        return question.options.indices.contains(number - 1) ? .option(question.options[number - 1]) : nil
    }

    /// The text when all of it reads as a day or time; a bare hour counts, because that was asked for.
    private static func time(_ text: FoldedText) -> String? {
        for written in [text.original, "at \(text.original)"] {
            var reader = WhenReader(FoldedText(written).words.map(\.folded), today: CivilDate(number: 0))
            if CalTail(&reader) != nil { return written }
        }
        return nil
    }
}

extension PendingQuestion {
    var json: JSONValue {
        var json: JSONObject = [
            "skill": .string(skill), "note": .string(note), "language": .string(language.rawValue),
            "askedAt": .string(Timestamp.string(askedAt)), "awaitsTime": .bool(awaitsTime),
            "options": .array(options.map(\.json)),
        ]
        json["origin"] = origin.map { origin in
            [
                "messageId": .string(origin.messageId.lowercased),
                "conversationId": .string(origin.conversationId.lowercased),
            ]
        }
        return .object(json)
    }

    init?(_ json: JSONValue) {
        guard let skill = json["skill"]?.stringValue, let note = json["note"]?.stringValue,
            let language = json["language"]?.stringValue.flatMap(Language.init(rawValue:)),
            let askedAt = json["askedAt"]?.stringValue.flatMap(Timestamp.parse(_:)),
            let options = json["options"]?.arrayValue
        else { return nil }
        self.init(
            skill: skill,
            options: options.compactMap { Option($0) }, note: note, language: language, askedAt: askedAt,
            awaitsTime: json["awaitsTime"]?.boolValue ?? false)
        origin = json["origin"].flatMap { MemoryOrigin($0) }
    }
}

extension MemoryOrigin {
    /// Reads `messageId` and `conversationId` of an object.
    init?(_ json: JSONValue) {
        guard let message = json["messageId"]?.stringValue.flatMap({ UUID(strict: $0) }),
            let conversation = json["conversationId"]?.stringValue.flatMap({ UUID(strict: $0) })
        else { return nil }
        self.init(conversationId: conversation, messageId: message)
    }
}

extension PendingQuestion.Option {
    var json: JSONValue { ["label": .string(label), "value": .string(value)] }

    init?(_ json: JSONValue) {
        guard let label = json["label"]?.stringValue, let value = json["value"]?.stringValue else { return nil }
        self.init(label, value)
    }
}
