import Foundation

/// Names a conversation as the stores find it.
struct ConversationKey: Hashable, Sendable {
    let companyId: UUID
    let conversationId: UUID
}

/// The last message of a conversation that is known to be stored for good.
struct Head: Hashable, Sendable {
    var seq: Int
    var timestamp: Date
}

/// What goes to MongoDB in one bulk.
struct AppendBatch: Sendable {
    enum Kind: Sendable {
        /// Messages of many conversations, unordered: every one is tried whatever became of the others.
        case mixed
        /// Messages of one conversation, ordered: MongoDB stops at the first that fails.
        case ordered
    }

    /// One message in a batch, known to the planner by its ticket.
    struct Entry: Sendable, Equatable {
        let ticket: UInt64
        let bytes: Int
        /// Whether an index other than the one on `seq` may refuse it: it has a `clientMessageId` or an id of the
        /// caller's choice.
        let isIdempotent: Bool
        /// When it is given up if it still waits, in the planner's own time.
        var deadline: Duration = .zero
        /// How often another writer took its place.
        var conflicts = 0
    }

    /// The messages of one conversation in a batch; entry `i` gets `seq` = head + 1 + `i`.
    struct Run: Sendable {
        let key: ConversationKey
        /// Nil: not known, to be read before the batch is sent.
        var head: Head?
        var entries: [Entry]
        /// The time written into the messages.
        var timestamp = Date.distantPast
        /// Set when the answer was lost, so that what is stored had to be looked up and may still change.
        var isUncertain = false
    }

    let kind: Kind
    var runs: [Run]

    var count: Int { runs.reduce(0) { $0 + $1.entries.count } }
}

/// What became of one entry.
enum AppendOutcome: Sendable, Equatable {
    /// Stored durably.
    case inserted
    /// Another message has this `seq`.
    case seqTaken
    /// The message was stored before: its `clientMessageId` or id is there.
    case duplicate
    /// An ordered bulk stopped before it.
    case notTried
    /// Not stored, and trying again would not help.
    case rejected(AppendFailure)
    /// The answer was lost and the message was not found afterwards.
    case lost
}

/// What the planner decided about the entries of a finished batch.
struct AppendSettlement: Sendable {
    struct Acknowledgement: Sendable, Equatable {
        let ticket: UInt64
        let key: ConversationKey
        let seq: Int
        let timestamp: Date
    }

    var acknowledged: [Acknowledgement] = []
    /// To be answered with the message that was stored first.
    var duplicates: [UInt64] = []
    var failed: [(ticket: UInt64, error: AppendFailure)] = []
    /// Conversations that lost a race and rest before the next try, and how many races in a row they lost.
    var backoffs: [(key: ConversationKey, losses: Int)] = []
}
