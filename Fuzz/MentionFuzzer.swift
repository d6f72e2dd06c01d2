/// Feeds bytes to the mention grammar and checks what must hold for every text. Run by `script/fuzz`.
///
/// libFuzzer finds crashes and inputs that take too long by itself (https://llvm.org/docs/LibFuzzer.html).
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzMentions(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    let agents: [String: AgentAudience] = ["mail": .internal, "cal": .internal, "mem": .internal, "sales": .both]
    let member = MentionDirectory(author: .member, agents: agents, aliases: ["shop": "sales"], members: ["ana"])
    let customer = MentionDirectory(author: .customer, agents: agents)
    let found = check(text, member, ["mail", "cal", "mem", "sales"])
    precondition(found == MentionParser.parse(text, directory: member), "the same text, another answer")
    _ = check(text, customer, ["sales"])
    return 0
}

private func check(_ text: String, _ directory: MentionDirectory, _ allowed: Set<String>) -> ParsedMentions {
    let parsed = MentionParser.parse(text, directory: directory)
    let names = parsed.agents.map(\.name)
    precondition(names.count <= MentionParser.maximumAgents, "too many agents")
    precondition(Set(names).count == names.count, "an agent twice")
    precondition(names.allSatisfy(allowed.contains), "an agent that the author may not reach")
    precondition(!parsed.human || names.isEmpty, "an agent beside a person")
    precondition(parsed.unknown.count <= 16, "too many unknown names")
    let length = text.unicodeScalars.count
    var end = 0
    for mention in parsed.mentions {
        precondition(mention.range.lowerBound >= end && mention.range.upperBound <= length, "a range outside the text")
        end = mention.range.upperBound
    }
    return parsed
}
