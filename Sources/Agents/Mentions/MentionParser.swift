/// The mention grammar of docs/agents.md: which agents a text addresses, and what it says to each. Pure and linear.
public enum MentionParser {
    /// Agents that one message starts at most.
    public static let maximumAgents = 3
    /// Unknown handles that are reported at most.
    static let maximumUnknown = 16

    /// Whether there can be a mention at all. Most messages mention nobody, which their bytes tell: every at sign is `@`
    /// or begins with 0xEF in UTF-8.
    static func mayMention(_ text: String) -> Bool {
        text.utf8.contains { $0 == UInt8(ascii: "@") || $0 == 0xEF }
    }

    /// Parses a message. On channels where only the first agent answers, pass 1 for `maximumAgents`.
    public static func parse(
        _ text: String, directory: MentionDirectory, maximumAgents: Int = MentionParser.maximumAgents
    ) -> ParsedMentions {
        guard mayMention(text) else { return ParsedMentions() }
        let prepared = PreparedText(text)
        var result = ParsedMentions()
        var steps = prepared.steps
        let lines = TextLine.lines(of: prepared.scalars, steps: &steps)
        let mask = MentionMask(prepared.scalars, lines)
        var scanner = MentionScanner(prepared.scalars, lines)
        let written = scanner.mentions(outside: mask.isMasked)
        var rules = VocativeRules(prepared.scalars, lines)
        let resolved = resolve(written, directory, &rules)
        steps += mask.steps + scanner.steps + rules.steps

        collect(resolved, &result)
        let segments = InstructionSegments(prepared, resolved)
        result.mentions = resolved.compactMap { $0.agent == nil ? nil : prepared.mention($0) }
        result.steps = steps + segments.steps
        result.hint = hint(resolved, lines, directory, result)
        guard !result.human else { return result }

        var names: [String] = []
        for mention in resolved {
            if let name = mention.agent, !names.contains(name) {
                guard names.count < maximumAgents else {
                    result.truncated = true
                    break
                }
                names.append(name)
            }
        }
        result.agents = segments.targets(names)
        result.source = names.isEmpty ? .none : .mention
        return result
    }

    private static func resolve(
        _ written: [WrittenMention], _ directory: MentionDirectory, _ rules: inout VocativeRules
    ) -> [ResolvedMention] {
        var resolved: [ResolvedMention] = []
        for mention in written {
            let resolution = directory.resolve(mention.handle)
            if resolution == .plain { continue }
            var address = ResolvedMention.Address.none
            if let lead = rules.lead(of: mention) {
                address = .first(lead: lead)
            } else if let last = resolved.last, last.address != .none, rules.joins(last.written, mention) {
                address = .joined
            }
            // Two neighbours at the start of a sentence are one group even where the second would stand alone.
            if case .first = address, let last = resolved.last, last.address != .none,
                rules.joins(last.written, mention)
            {
                address = .joined
            }
            resolved.append(ResolvedMention(written: mention, resolution: resolution, address: address))
        }
        return resolved
    }

    private static func collect(_ resolved: [ResolvedMention], _ result: inout ParsedMentions) {
        var seen: Set<String> = []
        for mention in resolved where seen.insert(mention.written.handle).inserted {
            switch mention.resolution {
            case .human: result.human = true
            case .broadcast: result.broadcast.append(mention.written.handle)
            case .member: result.members.append(mention.written.handle)
            case .unknown where result.unknown.count < maximumUnknown: result.unknown.append(mention.written.handle)
            case .agent, .reserved, .plain, .unknown: break
            }
        }
    }

    /// Only for a misspelt handle that is the first word of the message and finds no company there.
    private static func hint(
        _ resolved: [ResolvedMention], _ lines: [TextLine], _ directory: MentionDirectory, _ result: ParsedMentions
    ) -> String? {
        guard let first = resolved.first, first.resolution == .unknown, !result.human else { return nil }
        guard resolved.allSatisfy({ $0.agent == nil }) else { return nil }
        guard let line = lines.first(where: { $0.kind != .blank }), line.firstNonSpace == first.written.start else {
            return nil
        }
        return directory.nearest(to: first.written.handle)
    }
}

/// A mention whose handle was looked up.
struct ResolvedMention {
    enum Address: Hashable {
        /// Speaks of somebody.
        case none
        /// Opens an address that begins at `lead` in the prepared text.
        case first(lead: Int)
        /// Continues the address of the mention before it.
        case joined
    }

    var written: WrittenMention
    var resolution: MentionDirectory.Resolution
    var address: Address

    var agent: String? {
        if case .agent(let name) = resolution { name } else { nil }
    }
}

extension PreparedText {
    fileprivate func mention(_ mention: ResolvedMention) -> ParsedMentions.Mention {
        let handleEnd = mention.written.at + mention.written.handle.unicodeScalars.count
        return ParsedMentions.Mention(
            range: origins[mention.written.at]..<ends[handleEnd], handle: mention.agent ?? mention.written.handle,
            isVocative: mention.address != .none)
    }
}
