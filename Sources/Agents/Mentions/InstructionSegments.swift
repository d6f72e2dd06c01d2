/// Cuts a message into what is said to each agent.
struct InstructionSegments {
    private let prepared: PreparedText
    private var segments: [String: [String]] = [:]
    /// Nothing in the message but addresses: each agent answers with its help.
    private var isOnlyMentions = false
    private(set) var steps = 0

    init(_ prepared: PreparedText, _ mentions: [ResolvedMention]) {
        self.prepared = prepared
        let groups = Self.groups(mentions)
        for (number, group) in groups.enumerated() {
            let next = number + 1 < groups.count ? groups[number + 1].lead : nil
            let start = prepared.ends[group.end - 1]
            let end = next.map { $0 < prepared.origins.count ? prepared.origins[$0] : prepared.stored.count }
            let range = InstructionTrim.trim(
                prepared.stored, start..<max(start, end ?? prepared.stored.count), steps: &steps)
            guard !range.isEmpty else { continue }
            let text = prepared.text(range)
            for name in group.agents { segments[name, default: []].append(text) }
        }
        let lead = groups.first.map { $0.lead < prepared.origins.count ? prepared.origins[$0.lead] : 0 } ?? 0
        steps += lead
        isOnlyMentions =
            segments.isEmpty && mentions.allSatisfy { $0.address != .none }
            && !prepared.stored[..<lead].contains { $0.properties.isAlphabetic || $0.isDecimalDigit }
    }

    /// The instruction of each of these agents.
    func targets(_ names: [String]) -> [ParsedMentions.Target] {
        // A message of nothing but mentions asks each for its help; otherwise who got no words of its own gets them all.
        let whole =
            isOnlyMentions ? "" : prepared.text(InstructionTrim.trimSpace(prepared.stored, 0..<prepared.stored.count))
        return names.map { name in
            let text = segments[name]?.joined(separator: "\n") ?? whole
            return ParsedMentions.Target(name: name, segment: text)
        }
    }

    private struct Group {
        var lead: Int
        var end: Int
        var agents: [String]
    }

    /// Consecutive addresses. Unknown handles belong to the words of the group before them.
    private static func groups(_ mentions: [ResolvedMention]) -> [Group] {
        var groups: [Group] = []
        var index = 0
        while index < mentions.count {
            guard case .first(let lead) = mentions[index].address else {
                index += 1
                continue
            }
            var group = Group(lead: lead, end: mentions[index].written.end, agents: [])
            var isBoundary = false
            repeat {
                group.end = mentions[index].written.end
                if let name = mentions[index].agent, !group.agents.contains(name) { group.agents.append(name) }
                if mentions[index].resolution != .unknown, mentions[index].resolution != .reserved { isBoundary = true }
                index += 1
            } while index < mentions.count && mentions[index].address == .joined
            if isBoundary { groups.append(group) }
        }
        return groups
    }
}
