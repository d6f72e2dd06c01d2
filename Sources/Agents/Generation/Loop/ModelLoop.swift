import Foundation
import JSON
import LanguageModels

/// One model's way from a prompt to a text: calls of the model, calls of tools, checks.
struct ModelLoop: Sendable {
    /// What came of it.
    struct Outcome: Sendable {
        var text: String
        var model: String
        /// Whether a tool succeeded.
        var isGrounded = false
        /// Whether the model had to be told to answer.
        var isForced = false
        var wantsPerson = false
    }

    /// The model's text was refused twice; says why.
    struct Refused: Error {
        var fault: OutputChecks.Fault
    }

    let client: ModelClient
    let profile: ModelProfile
    let model: String
    let guidance: AgentGuidance
    let turn: AgentTurn
    let draft: DraftWriter
    let checks: @Sendable () -> OutputChecks
    let allowance: RetryAllowance
    let meter: UsageMeter
    let cacheKey: String

    /// Runs until there is a text that passed all checks, or a person was called.
    /// - Throws: ``Refused``, ``ModelError``, `CancellationError`, errors of stores that are away.
    func run(_ prompt: [ChatMessage]) async throws -> Outcome {
        var messages = prompt
        var outcome = Outcome(text: "", model: model)
        var references = ReferenceTable()
        var hasRetried = false
        var step = 0
        var trail = ModelTrail(model: turn.trailPrefix + model)
        let tools = turn.tools.offered
        while true {
            step += 1
            let isLast = step > guidance.maximumSteps
            if isLast, !outcome.isForced {
                outcome.isForced = true
                messages.append(.user("[Switchboard] Answer now with what you know, without calling tools."))
            }
            let answer = try await replayed(trail) {
                try await ask(messages, tools, isLast: isLast || tools.isEmpty)
            }
            outcome.model = answer.model ?? model
            if answer.calls.isEmpty || isLast {
                let (text, fault) = checked(answer)
                guard let fault else {
                    outcome.text = text
                    return outcome
                }
                draft.reset()
                guard !hasRetried else { throw Refused(fault: fault) }
                hasRetried = true
                step -= 1
                trail.note(refusal: fault.name)
                messages.append(.assistant(text.isEmpty ? "…" : text))
                messages.append(
                    .user("[Switchboard] Your answer was not sent: \(fault.words) Write it again without that."))
                continue
            }
            // What was said before a call is not the answer.
            draft.reset()
            messages.append(.assistant(answer.text, calls: answer.calls))
            for result in try await ToolCalls(tools: tools, box: turn.tools).make(answer.calls, references: references)
            {
                trail.note(result)
                if result.succeeded {
                    outcome.isGrounded = true
                    if result.name == HandoffTool().name { outcome.wantsPerson = true }
                }
                let hidden = references.hide(.object(result.json)).objectValue ?? [:]
                messages.append(.tool(callId: result.callId, ToolCalls.text(hidden)))
            }
            if outcome.wantsPerson { return outcome }
        }
    }

    /// What the model answered at this place of an earlier run of the turn, or else what it answers now, kept. A run
    /// after a crash then makes the calls that the one before it began, and no others.
    private func replayed(_ trail: ModelTrail, _ ask: () async throws -> ChatAnswer) async throws -> ChatAnswer {
        if let kept = turn.journal.step(trail.place), let answer = ChatAnswer(kept: kept) {
            meter.add(answer.usage, prices: profile.prices, model: answer.model ?? model)
            return answer
        }
        let answer = try await ask()
        // A text ends the turn: nothing has happened by it that must not happen twice.
        if !answer.calls.isEmpty { try await turn.journal.keep(step: trail.place, answer.kept) }
        return answer
    }

    private func ask(_ messages: [ChatMessage], _ tools: [any Tool], isLast: Bool) async throws -> ChatAnswer {
        let request = ChatRequest(
            messages: messages,
            tools: tools.map { ChatTool(name: $0.name, description: $0.description, parameters: $0.schema.json) },
            toolChoice: isLast ? .none : .auto, temperature: guidance.temperature,
            maximumTokens: guidance.maximumTokens, cacheKey: cacheKey)
        let answer = try await client.answer(
            request, of: profile, model: model, listener: draft.listener, allowance: allowance)
        meter.add(answer.usage, prices: profile.prices, model: answer.model ?? model)
        return answer
    }

    /// The text as it would be shown, and what is wrong with it.
    private func checked(_ answer: ChatAnswer) -> (String, OutputChecks.Fault?) {
        let checks = checks()
        var text = checks.clean(answer.text)
        // What was cut by its length ends after its last whole sentence.
        if answer.finish == .length { text = OutputChecks.afterSentence(text[...], from: 1) ?? text }
        return (text, checks.fault(in: text))
    }
}
