import Foundation
import JSON

/// All that goes into a prompt. Texts of people and companies are data in it; who somebody is comes from
/// authentication.
struct PromptInput: Sendable {
    /// Who speaks in a line.
    enum Speaker: Sendable, Hashable {
        case member(String)
        case customer(String?)
        case program
        case system
        /// Another agent.
        case agent(String)
        /// The agent that answers now.
        case own
    }

    /// One line of the conversation.
    struct Line: Sendable, Hashable {
        var speaker: Speaker
        var text: String
    }

    var agent: String
    var instructions: String
    var company: String
    /// The company's profile and voice.
    var profile: JSONObject
    var isForCustomer: Bool
    var maximumCharacters: Int
    /// What the tools need to have said about them.
    var toolNotes: [String] = []
    /// What the agent kept about the author.
    var state: JSONObject = [:]
    /// What was remembered for the author, the best first.
    var facts: [String] = []
    /// Who handled the conversation before it was handed back, in our words.
    var earlier: String?
    /// What was said before ``window``, in a model's words: data, as everything that came from it.
    var summary: String?
    /// The conversation before the message, oldest first.
    var window: [Line] = []
    /// Who wrote the message.
    var author: Speaker
    /// The whole message.
    var message: String
    /// The part of it that speaks to this agent.
    var instruction: String
    var now: Date
}
