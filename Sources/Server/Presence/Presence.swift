import Cache
import Foundation
import JSON

/// That a person is here, and which conversations they have open.
struct Presence: JSONEncodable, Sendable, Hashable {
    let userId: UUID
    let isOnline: Bool
    let conversationIds: [UUID]

    func encode(into writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("userId", userId)
            writer.field("online", isOnline)
            writer.field("conversationIds", conversationIds)
        }
    }

    /// One person's presence out of all entries.
    init(of userId: UUID, in entries: Set<PresenceEntry>) {
        let own = entries.filter { $0.userId == userId }
        self.userId = userId
        isOnline = !own.isEmpty
        conversationIds = Set(own.compactMap(\.conversationId)).sorted { $0.lowercased < $1.lowercased }
    }

    /// Everybody who is here, in the order of their ids.
    static func all(_ entries: Set<PresenceEntry>) -> [Presence] {
        Set(entries.map(\.userId)).sorted { $0.lowercased < $1.lowercased }.map { Presence(of: $0, in: entries) }
    }
}
