import Foundation

@testable import Conversations

/// What MongoDB's unique indexes do, without MongoDB: the referee of the simulation.
struct ModelOfMessages {
    struct Stored: Equatable {
        let message: Int
        let clientId: Int?
    }

    private(set) var conversations: [ConversationKey: [Int: Stored]] = [:]
    private var clientIds: Set<[AnyHashable]> = []

    func head(of key: ConversationKey) -> Int { conversations[key]?.keys.max() ?? 0 }

    mutating func insert(_ message: Int, clientId: Int?, seq: Int, into key: ConversationKey) -> AppendOutcome {
        // Which of two broken indexes MongoDB names first is its own affair; both orders must be right.
        let isRepeat = clientId.map { clientIds.contains([key, $0]) } ?? false
        if conversations[key]?[seq] != nil { return isRepeat && message % 2 == 0 ? .duplicate : .seqTaken }
        if isRepeat { return .duplicate }
        conversations[key, default: [:]][seq] = Stored(message: message, clientId: clientId)
        if let clientId { clientIds.insert([key, clientId]) }
        return .inserted
    }

    /// The first hole, if there is one.
    func hole() -> String? {
        for (key, messages) in conversations where messages.keys.max() != messages.count {
            return "\(key.conversationId): \(messages.keys.sorted())"
        }
        return nil
    }
}
