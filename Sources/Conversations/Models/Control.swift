public import JSON

/// Who may answer in a conversation.
public struct Control: Sendable, Hashable, JSONEncodable {
    /// The one who has control, a user's id or `agent:<name>`; nobody in particular when nil.
    public var holder: String?
    /// Counts the changes of control. An agent's reply that began under another version is discarded.
    public var version: Int

    /// Control as it stands.
    public init(holder: String? = nil, version: Int = 0) {
        self.holder = holder
        self.version = version
    }

    /// Writes `{holder, version}`.
    public func encode(into writer: inout JSONWriter) {
        writer.object {
            $0.field("holder", holder)
            $0.field("version", version)
        }
    }
}
