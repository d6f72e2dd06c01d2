import Conversations
import Foundation
import JSON
import Mongo
import Postgres
import Tenancy

/// Why a turn has no answer.
enum TurnFailure: Error, Sendable, Hashable {
    /// The agent was switched off or may not answer this author any more.
    case agentGone
    /// It took too long; says the limit.
    case timeout(Duration)
}

extension ToolError {
    /// Whether a member has to decide first, or has decided against it.
    var isDecision: Bool {
        switch self {
        case .needsApproval, .rejected: true
        default: false
        }
    }
}

/// What is said instead of an answer.
enum FailureNotice {
    static func text(_ author: MentionAuthor, _ language: Language, _ turn: UUID) -> String {
        switch (author, language) {
        case (.customer, .english): "Sorry, I can't answer right now. A person of our team will see your message."
        case (.customer, .spanish):
            "Lo siento, ahora no puedo responder. Una persona de nuestro equipo verá el mensaje."
        case (.member, .english): "Sorry, that did not work. Try again in a moment (turn \(turn.lowercased))."
        case (.member, .spanish):
            "Lo siento, no ha funcionado. Prueba de nuevo en un momento (turno \(turn.lowercased))."
        }
    }
}

/// The error in words without message content: what goes into logs.
func describe(_ error: any Error) -> String {
    switch error {
    case let error as TurnFailure:
        switch error {
        case .agentGone: "the agent is not available"
        case .timeout(let limit): "no answer within \(limit)"
        }
    case ToolError.failed: "tool: failed"
    case let error as ToolError: "tool: \(error)"
    case let error as PostgresError: "postgres: \(error.code)"
    case let error as ConversationError: "\(error)"
    case is CancellationError: "cancelled"
    default: "\(type(of: error))"
    }
}

/// Whether the same thing may work in a moment.
func isPassing(_ error: any Error) -> Bool {
    switch error {
    case let error as PostgresError: error.isUnavailable
    case let error as ConversationError: error.isUnavailable
    case is Overloaded: true
    case let error as MongoError: error.isUnavailable
    default: false
    }
}

/// Runs `body`, but not longer than `limit`.
/// - Throws: ``TurnFailure/timeout(_:)``, or what `body` throws.
func withTimeLimit<Value: Sendable>(
    _ limit: Duration, _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await withThrowingTaskGroup(of: Value.self) { group in
        group.addTask { try await body() }
        group.addTask {
            try await Task.sleep(for: limit)
            throw TurnFailure.timeout(limit)
        }
        defer { group.cancelAll() }
        guard let first = try await group.next() else { throw TurnFailure.timeout(limit) }
        return first
    }
}
