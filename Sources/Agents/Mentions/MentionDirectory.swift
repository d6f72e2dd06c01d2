/// Whom an agent serves.
public enum AgentAudience: String, Sendable, Hashable, CaseIterable {
    /// Members of the company only.
    case `internal`
    /// Customers only.
    case customer
    /// Members and customers.
    case both

    /// Whether an author of this kind may address an agent of this audience.
    public func includes(_ author: MentionAuthor) -> Bool {
        switch author {
        case .member: true
        case .customer: self != .internal
        }
    }
}

/// Who wrote the text that is looked at for mentions.
public enum MentionAuthor: Sendable, Hashable {
    /// A member of the company, or a program with one of its keys.
    case member
    /// A customer: sees only agents of audience `customer` or `both`; other names are plain text.
    case customer
}

/// The names that one author may use in one company: what `@name` stands for.
public struct MentionDirectory: Sendable {
    /// What a handle stands for.
    public enum Resolution: Sendable, Hashable {
        /// An agent, by its canonical name.
        case agent(String)
        /// The word that asks for a person.
        case human
        /// A word that notifies people and routes to nobody (`@here`).
        case broadcast
        /// A member, by handle; notified only.
        case member
        /// A reserved word without an agent behind it for this author.
        case reserved
        /// Nothing this author may know of: plain text.
        case plain
        /// Nobody.
        case unknown
    }

    /// Short forms of the built-in agents' names, in every company.
    public static let builtInAliases = ["email": "mail", "calendar": "cal", "memory": "mem", "catalog": "sales"]
    /// Words that notify everybody.
    public static let broadcastWords: Set<String> = ["all", "here", "everyone", "channel", "team"]
    /// Words nobody may take as the name of an agent or member, the built-in agents' own names among them.
    public static let reservedWords: Set<String> = broadcastWords.union(builtInAliases.keys).union([
        "human", "agent", "agents", "bot", "system", "admin", "support", "assistant", "mail", "cal", "mem", "sales",
    ])

    private let author: MentionAuthor
    private let agents: Set<String>
    private let aliases: [String: String]
    private let members: Set<String>

    /// - Parameters:
    ///   - author: who writes.
    ///   - agents: the company's enabled agents by name (lower case), each with its audience.
    ///   - aliases: the company's own other names for agents, lower case. Reserved words in it are ignored.
    ///   - members: handles of members.
    public init(
        author: MentionAuthor, agents: [String: AgentAudience], aliases: [String: String] = [:],
        members: Set<String> = []
    ) {
        self.author = author
        self.agents = Set(agents.filter { $0.value.includes(author) }.keys)
        self.aliases = Self.builtInAliases.merging(
            aliases.filter { !Self.reservedWords.contains($0.key) }, uniquingKeysWith: { own, _ in own })
        self.members = members
    }

    /// Of a company without agents.
    static let nobody = MentionDirectory(author: .member, agents: [:])

    /// What a handle (lower case) stands for: alias, reserved word, visible agent, member, nobody.
    public func resolve(_ handle: String) -> Resolution {
        let name = aliases[handle] ?? handle
        if name == "human" { return .human }
        if agents.contains(name) { return .agent(name) }
        guard author == .member else { return .plain }
        if Self.broadcastWords.contains(name) { return .broadcast }
        if Self.reservedWords.contains(name) { return .reserved }
        return members.contains(name) ? .member : .unknown
    }

    /// The one visible agent whose name or alias is nearly this handle: within one typing error, or two when the handle
    /// has six letters or more. Nil when there is none or more than one.
    public func nearest(to handle: String) -> String? {
        let limit = handle.unicodeScalars.count >= 6 ? 2 : 1
        var near = Set(agents.filter { EditDistance.between(handle, $0, atMost: limit) != nil })
        for (alias, name) in aliases where agents.contains(name) {
            if EditDistance.between(handle, alias, atMost: limit) != nil { near.insert(name) }
        }
        return near.count == 1 ? near.first : nil
    }
}
