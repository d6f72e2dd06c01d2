public import JSON

/// Which agents a message starts, decided before it is stored and stored with it (`routing` of the message document).
public struct RoutingPlan: Sendable, Hashable {
    /// The agents by name, at most three, in the order in which they answer.
    public var agents: [String] = []
    /// How they were chosen.
    public var source = ParsedMentions.Source.none
    /// Handles that name nobody.
    public var unknown: [String] = []
    /// A person was asked for.
    public var human = false
    /// More agents were mentioned than are used.
    public var truncated = false
    /// The agent that was probably meant by a misspelt handle.
    public var hint: String?

    /// How long to wait for the next piece of a thought that somebody sends in pieces, in milliseconds.
    public var burstMilliseconds = 0

    /// A plan of nothing.
    public init() {}

    /// Whether the message named its agents.
    public var isAddressed: Bool { source == .mention || source == .explicit || source == .replyTo }

    /// Whether something is to be done once the message is stored.
    public var startsWork: Bool { !agents.isEmpty || human || hint != nil }

    /// What is stored with the message; nil when there is nothing to say.
    public var json: JSONObject? {
        guard startsWork || !unknown.isEmpty else { return nil }
        var json: JSONObject = [
            "state": .string(startsWork ? "pending" : "done"), "agents": .array(agents.map { .string($0) }),
            "source": .string(source.rawValue), "human": .bool(human), "truncated": .bool(truncated),
            "unknown": .array(unknown.map { .string($0) }),
        ]
        json["hint"] = hint.map { .string($0) }
        if burstMilliseconds > 0 { json["burstMilliseconds"] = .integer(Int64(burstMilliseconds)) }
        return json
    }

    /// Reads what was stored.
    public init(_ json: JSONObject) {
        agents = Array((json["agents"]?.arrayValue ?? []).compactMap(\.stringValue).prefix(MentionParser.maximumAgents))
        source = json["source"]?.stringValue.flatMap(ParsedMentions.Source.init(rawValue:)) ?? .none
        unknown = json["unknown"]?.arrayValue?.compactMap(\.stringValue) ?? []
        human = json["human"]?.boolValue ?? false
        truncated = json["truncated"]?.boolValue ?? false
        hint = json["hint"]?.stringValue
        burstMilliseconds = json["burstMilliseconds"]?.integerValue.flatMap { Int(exactly: $0) } ?? 0
    }
}
