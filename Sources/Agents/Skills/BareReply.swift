public import Foundation

/// Whether a text is nothing but an answer: yes, no, or the number of a choice. Such a text means nothing to anybody but
/// the agent that asked. Pure.
public enum BareReply {
    /// For how many seconds after an agent's message one is taken for the answer to it.
    public static let lifetime: TimeInterval = 15 * 60
    private static let longest = 4

    /// Whether `text` is one.
    public static func isOne(_ text: String) -> Bool {
        guard text.utf8.count <= 60 else { return false }
        let folded = FoldedText(text)
        guard (1...longest).contains(folded.words.count) else { return false }
        let yesOrNo = PendingQuestion(skill: "", language: .english, askedAt: Date())
        let options = (1...PendingQuestion.maximumOptions).map { PendingQuestion.Option("\u{1}\($0)", "") }
        let choice = PendingQuestion(skill: "", options: options, language: .english, askedAt: Date())
        return PendingReply.read(folded, for: yesOrNo) != nil || PendingReply.read(folded, for: choice) != nil
    }
}
