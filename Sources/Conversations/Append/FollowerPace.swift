import Foundation

/// Decides which conversations' metadata is written now and which rests for a moment. A value without clock and
/// connections; ``MetadataFollower`` drives it.
struct FollowerPace: Sendable {
    /// For how long a conversation rests at most.
    static let window = Duration.milliseconds(250)
    /// So many writes within a window, and those that come again rest.
    static let busyFrom = 50
    /// How many conversations may rest, for MongoDB to be back; more are put right when somebody looks at them.
    static let capacity = 10_000

    private(set) var resting: [ConversationKey: Head] = [:]
    private var written: Set<ConversationKey> = []
    private var end = ContinuousClock.now
    private var hasTimer = false

    /// Takes new last messages in and returns those to be written now.
    mutating func take(
        _ heads: [ConversationKey: Head], now: ContinuousClock.Instant
    ) -> [ConversationKey: Head] {
        if now >= end {
            end = now + Self.window
            written.removeAll(keepingCapacity: true)
        }
        var due: [ConversationKey: Head] = [:]
        for (key, head) in heads {
            if resting[key] != nil || (written.count >= Self.busyFrom && written.contains(key)) {
                rest([key: head])
            } else {
                due[key] = head
                written.insert(key)
            }
        }
        return due
    }

    /// Keeps what is to be written later.
    mutating func rest(_ heads: [ConversationKey: Head]) {
        for (key, head) in heads where resting[key] != nil || resting.count < Self.capacity {
            if let known = resting[key], known.seq >= head.seq { continue }
            resting[key] = head
        }
    }

    /// What rests, of one company or of all, to be written now.
    mutating func takeResting(of companyId: UUID? = nil) -> [ConversationKey: Head] {
        guard let companyId else {
            defer { resting = [:] }
            written.formUnion(resting.keys)
            return resting
        }
        let taken = resting.filter { $0.key.companyId == companyId }
        for key in taken.keys { resting[key] = nil }
        written.formUnion(taken.keys)
        return taken
    }

    /// Whether somebody has to come back for what rests, and nobody does yet.
    mutating func startTimer() -> Bool {
        guard !hasTimer, !resting.isEmpty else { return false }
        hasTimer = true
        return true
    }

    /// Ends the coming back, unless something rests again.
    mutating func stopTimer() -> Bool {
        hasTimer = !resting.isEmpty
        return !hasTimer
    }
}
