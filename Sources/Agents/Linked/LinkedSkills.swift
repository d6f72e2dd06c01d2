/// What agents that work on linked accounts say when nothing could be done.
protocol LinkedPhrases {
    /// A customer reads along.
    var customerReads: String { get }
    /// What was meant is not there any more.
    var gone: String { get }
    /// The account's provider did not do it.
    func linkFailed(_ failure: LinkFailure) -> String
}

extension SkillEngine {
    /// Answers by skills that work on linked accounts.
    func answer(_ turn: AgentTurn, or words: some LinkedPhrases) async throws -> AgentAnswer {
        // A turn that waited for a decision means the day and the lists of when it was asked.
        var turn = turn
        turn.now = turn.trigger.timestamp
        do {
            return try await answer(turn)
        } catch ToolError.customerReads {
            return AgentAnswer(words.customerReads, memory: turn.memory, confidence: 0)
        } catch ToolError.notFound {
            return AgentAnswer(words.gone, memory: turn.memory, confidence: 0)
        } catch let failure as LinkFailure {
            return AgentAnswer(words.linkFailed(failure), memory: turn.memory, confidence: 0)
        }
    }
}
