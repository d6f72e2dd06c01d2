public import Foundation
public import JSON

/// Who may answer in a conversation.
public struct Control: Sendable, Hashable, JSONEncodable {
    /// The one who has control, a user's id or `agent:<name>`; nobody in particular when nil.
    public var holder: String?
    /// Counts the changes of control. An agent's reply that began under another version is discarded.
    public var version: Int
    /// Since when a person is called for; nil when nobody is. Agents keep quiet until somebody takes over or hands back.
    public var requestedAt: Date?
    /// When control changed last.
    public var changedAt: Date?
    /// The last message before a person handed back: what agents are told of the conversation begins after it.
    public var boundarySeq: Int?

    /// Control as it stands.
    public init(
        holder: String? = nil, version: Int = 0, requestedAt: Date? = nil, changedAt: Date? = nil,
        boundarySeq: Int? = nil
    ) {
        self.holder = holder
        self.version = version
        self.requestedAt = requestedAt
        self.changedAt = changedAt
        self.boundarySeq = boundarySeq
    }

    /// Whether a person has control.
    public var isHeldByPerson: Bool { holder.map { !$0.hasPrefix("agent:") } ?? false }
    /// Whether agents keep quiet unless a member calls them: a person has control, or is called for.
    public var silencesAgents: Bool { isHeldByPerson || requestedAt != nil }

    /// Writes `{holder, version, requestedAt}`.
    public func encode(into writer: inout JSONWriter) {
        writer.object {
            $0.field("holder", holder)
            $0.field("version", version)
            $0.field("requestedAt", requestedAt)
        }
    }
}
