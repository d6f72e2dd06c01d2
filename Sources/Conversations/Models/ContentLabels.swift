import Mongo

/// What went into a text that narrows what may be done after reading it. Kept with an agent's reply, and with a summary.
public struct ContentLabels: Sendable, Hashable {
    /// Words of somebody outside as they stand: e-mails, web pages, results of foreign servers.
    public var isExternal: Bool
    /// What belongs to one person or team: memories, mailbox, calendar.
    public var isPrivate: Bool
    /// Whether it was written after reading words from outside, in this turn or in an earlier reply that was shown.
    public var followsExternal: Bool

    /// Labels; nothing by itself.
    public init(isExternal: Bool = false, isPrivate: Bool = false, followsExternal: Bool = false) {
        self.isExternal = isExternal
        self.isPrivate = isPrivate
        self.followsExternal = followsExternal
    }

    /// Whether words from outside may stand in it, at first or second hand.
    public var mayHoldExternal: Bool { isExternal || followsExternal }
}

extension ContentLabels {
    var document: BSONDocument {
        ["external": .bool(isExternal), "private": .bool(isPrivate), "followsExternal": .bool(followsExternal)]
    }

    init(_ document: BSONDocument) {
        self.init(
            isExternal: document.bool("external") ?? true, isPrivate: document.bool("private") ?? true,
            followsExternal: document.bool("followsExternal") ?? true)
    }
}

extension Message {
    /// What went into the message, as far as it is known: people speak for themselves, and so does Switchboard. What a
    /// program wrote in an agent's place may hold anybody's words.
    public var knownLabels: ContentLabels {
        if let labels { return labels }
        switch role {
        case .customer: return ContentLabels()
        case .user: return ContentLabels(isExternal: !sender.hasPrefix("user:"))
        case .system: return ContentLabels(isExternal: sender != "system")
        case .agent: return ContentLabels(isExternal: true)
        }
    }
}
