public import Foundation

/// How much one author may ask of agents. Asked once for each turn, right before it is answered; whoever builds the house
/// says how it is counted.
public struct TurnLimits: Sendable {
    /// Whose turn it is.
    public struct Question: Sendable {
        /// The company.
        public var companyId: UUID
        /// The conversation.
        public var conversationId: UUID
        /// Who wrote the message.
        public var author: TurnAuthor
        /// What it says.
        public var content: String
    }

    /// What follows.
    public enum Verdict: Sendable, Hashable {
        /// The agent answers.
        case open
        /// The agent answers, but asks no model: the same was said too often, or too much for one hour.
        case withoutModel
        /// Nobody answers; a notice says so, once, when `isTold` is false.
        case exhausted(isTold: Bool)
    }

    /// Decides. Must not throw; when it cannot count, it answers ``Verdict/open``.
    public var verdict: @Sendable (Question) async -> Verdict

    /// Limits as counted by `verdict`.
    public init(verdict: @escaping @Sendable (Question) async -> Verdict) { self.verdict = verdict }

    /// None.
    public static var none: TurnLimits { TurnLimits { _ in .open } }
}
