/// What a tool does to the world; rules about who may use it hang on this and not on its name.
public enum ToolEffect: String, Sendable, Hashable, CaseIterable {
    /// Reads what belongs to one person or team: memories, mailbox, calendar.
    case privateRead = "private_read"
    /// Reads what the company shows to anybody: catalogue, opening hours.
    case catalogRead = "catalog_read"
    /// Writes inside Switchboard.
    case internalWrite = "internal_write"
    /// Sends something to somebody outside.
    case externalSend = "external_send"
    /// Writes in a system outside.
    case externalWrite = "external_write"
    /// Moves money.
    case money
    /// Changes who answers.
    case control

    /// Whether it changes nothing.
    public var onlyReads: Bool { self == .privateRead || self == .catalogRead }

    /// Whether an agent that customers reach may hold such a tool.
    public var isAllowedForCustomers: Bool {
        switch self {
        case .catalogRead, .internalWrite, .control: true
        case .privateRead, .externalSend, .externalWrite, .money: false
        }
    }

    /// Whether a call has to be approved by a member, where the tool does not say otherwise.
    public var needsApproval: Bool {
        switch self {
        case .externalSend, .externalWrite, .money: true
        case .privateRead, .catalogRead, .internalWrite, .control: false
        }
    }

    /// Whether it changes nothing, so that several may run at once.
    public var isRead: Bool { self == .privateRead || self == .catalogRead }
}
