import Conversations
import LanguageModels

/// Which messages of a conversation are summed up next. Pure.
///
/// Nothing as long as all fit into a prompt's window. Then all but the newest, so that the next time is some messages
/// away and nothing falls out of the window before it stands in a summary.
struct SummaryPlan: Sendable, Hashable {
    /// What is shorter than this has no summary.
    static let fewest = 2
    /// The newest messages that are left for the next time: so many, of so many tokens.
    static let keptMessages = 10
    static let keptTokens = 2_000
    /// What a model is given at once.
    static let messages = 60
    static let tokens = 6_000
    /// Characters of one message.
    static let messageCharacters = 2_000
    /// The most messages back from the newest that are looked at.
    static let reach = 200

    /// The messages to sum up, oldest first; empty for none.
    var chosen: [Message] = []

    /// - Parameter uncovered: the newest messages that no summary covers, oldest first.
    init(_ uncovered: [Message]) {
        let sizes = uncovered.map { TokenEstimate.tokens(in: SummaryText.head($0.content)) + 12 }
        let window = uncovered.map { TokenEstimate.tokens(in: $0.content) + 12 }
        guard uncovered.count > PromptAssembly.windowMessages || window.reduce(0, +) > PromptAssembly.windowTokens
        else { return }
        var kept = 0
        var left = Self.keptTokens
        for size in window.reversed() {
            left -= size
            guard left >= 0, kept < Self.keptMessages else { break }
            kept += 1
        }
        var room = Self.tokens
        for (message, size) in zip(uncovered, sizes).prefix(min(Self.messages, uncovered.count - kept)) {
            room -= size
            guard room >= 0 || chosen.isEmpty else { break }
            chosen.append(message)
        }
    }
}
