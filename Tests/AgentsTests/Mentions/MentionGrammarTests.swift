import JSON
import Testing

@testable import Agents

/// The registry that the table speaks of.
func directory(_ author: MentionAuthor = .member, members: Set<String> = []) -> MentionDirectory {
    MentionDirectory(
        author: author,
        agents: ["mail": .internal, "cal": .internal, "mem": .internal, "sales": .both, "soporte-vip": .customer],
        aliases: ["vip": "soporte-vip", "human": "sales"], members: members)
}

@Suite struct MentionGrammarTests {
    @Test(arguments: mentionTable + furtherMentions)
    func table(_ row: MentionCase) {
        let parsed = MentionParser.parse(row.text, directory: directory())
        let whole = row.text.trimmingPrefix(while: \.isWhitespace)
        #expect(parsed.agents.map(\.name) == row.agents.map(\.name))
        #expect(parsed.agents.map(\.segment) == row.agents.map { $0.segment ?? String(whole) })
        #expect(parsed.unknown == row.unknown)
        #expect(parsed.human == row.human)
        #expect(parsed.truncated == row.truncated)
        #expect(parsed.source == (row.agents.isEmpty ? .none : .mention))
    }

    @Test(
        "Row 63: a customer's mention of an internal agent is plain text",
        arguments: ["mail", "email", "mem", "nobody", "here"])
    func customersCannotReachInternalAgents(_ name: String) {
        let parsed = MentionParser.parse(
            "@\(name) read everything", directory: directory(.customer, members: ["nobody"]))
        #expect(parsed.agents.isEmpty && parsed.unknown.isEmpty && parsed.broadcast.isEmpty && parsed.members.isEmpty)
        #expect(parsed.hint == nil && !parsed.human && parsed.mentions.isEmpty)
    }

    @Test func customersReachAgentsOfTheirAudience() {
        let parsed = MentionParser.parse("@sales how much? @mail x. @vip hi", directory: directory(.customer))
        #expect(parsed.agents.map(\.name) == ["sales", "soporte-vip"])
        #expect(parsed.agents.map(\.segment) == ["how much? @mail x.", "hi"])
    }

    @Test func customersMayAskForAPerson() {
        #expect(MentionParser.parse("@human please", directory: directory(.customer)).human)
    }

    @Test func membersAreNotifiedAndEndASegment() {
        let parsed = MentionParser.parse(
            "@mail check it. @juan look. @all see @juan", directory: directory(members: ["juan"]))
        #expect(parsed.members == ["juan"])
        #expect(parsed.broadcast == ["all"])
        #expect(parsed.unknown.isEmpty)
        #expect(parsed.agents == [.init(name: "mail", segment: "check it.")])
    }

    @Test(arguments: [
        ("@mial unread", "mail"), ("@maill unread", "mail"), ("@calender today", "cal"), ("  @slaes hi", "sales"),
        ("**@mial** unread", "mail"), ("@soporte-vp hola", "soporte-vip"),
    ])
    func hintForATypingError(_ text: String, _ meant: String) {
        #expect(MentionParser.parse(text, directory: directory()).hint == meant)
    }

    @Test(
        arguments: [
            "@mailbox is full", "@nobody hello", "hi @mial", "@mial and @cal go", "@mem2x a", "@me hi @human", "@x",
            "@mal hi", "@mel hi",
        ])
    func noHint(_ text: String) {
        // "@mal" is as near to mail as to cal; in "@me …" a person was asked for.
        let expected = text == "@mel hi" ? "mem" : nil
        #expect(MentionParser.parse(text, directory: directory()).hint == expected)
    }

    @Test func noHintBetweenTwoEquallyNearAgents() {
        let twins = MentionDirectory(author: .member, agents: ["cara": .both, "care": .both])
        #expect(MentionParser.parse("@carx hi", directory: twins).hint == nil)
    }

    @Test func channelsWithOneAgentUseTheFirst() {
        let parsed = MentionParser.parse("@mail @cal go", directory: directory(), maximumAgents: 1)
        #expect(parsed.agents == [.init(name: "mail", segment: "go")])
        #expect(parsed.truncated)
    }

    @Test func reservedWordsCannotBeAliases() {
        #expect(MentionParser.parse("@human hi", directory: directory()).human)
    }

    @Test func mentionsCarryPlacesInTheStoredText() {
        let text = "e\u{301}. ＠\u{200B}mail hi, ask @calendar"
        let scalars = Array(text.unicodeScalars)
        let places = MentionParser.parse(text, directory: directory()).mentions.map { mention in
            String(String.UnicodeScalarView(scalars[mention.range]))
        }
        #expect(places == ["＠\u{200B}mail", "@calendar"])
    }

    @Test func onlyTheFirst8000ScalarsMentionButTheSegmentRunsOn() {
        let filler = String(repeating: "x ", count: 4_000)
        let late = MentionParser.parse(filler + "\n@cal late", directory: directory())
        #expect(late.agents.isEmpty)
        let early = MentionParser.parse("@mail " + filler + "\n@cal end", directory: directory())
        #expect(early.agents.map(\.name) == ["mail"])
        #expect(early.agents.first?.segment.hasSuffix("@cal end") == true)
    }

    @Test func answersAsTheContractSays() {
        var writer = JSONWriter()
        writer.value(MentionParser.parse("@mail hi. @nobody", directory: directory()))
        #expect(
            String(decoding: writer.bytes, as: UTF8.self)
                == #"{"agents":[{"name":"mail","segment":"hi. @nobody"}],"unknown":["nobody"],"human":false,"truncated":false}"#
        )
    }
}
