import Foundation
import TestSupport
import Testing

@testable import Agents
@testable import Conversations

/// The rules of turns that need no store.
@Suite struct TurnRulesTests {
    private static let start = Date(timeIntervalSince1970: 1_000_000)

    private static func turn(
        _ seq: Int, _ agent: String = "sales", by author: String = "customer:1", addressed: Bool = false,
        after seconds: Double = 0, burst: Double = 1.5
    ) -> Turn {
        let trigger = Message(
            MessageDraft(role: .customer, content: "\(seq)"), sender: author, companyId: UUID(), conversationId: UUID(),
            in: .only(UUID())
        ).at(seq: seq, timestamp: start)
        return Turn(
            id: UUID(), trigger: trigger, ordinal: 0, agent: agent, isAddressed: addressed,
            notBefore: start + seconds + burst, createdAt: start + seconds)
    }

    @Test func theLastPieceAnswersForAll() {
        let pieces = [Self.turn(1), Self.turn(2, after: 0.5), Self.turn(3, after: 0.9)]
        let choice = TurnCoalescing.choose(pieces, at: Self.start + 3)
        #expect(choice == .run(pieces[2], covering: [pieces[0], pieces[1]]))
    }

    @Test func aNewPieceIsWaitedForButNotForever() {
        let due = Self.turn(1)
        let fresh = Self.turn(2, after: 1.4)
        #expect(TurnCoalescing.choose([due, fresh], at: Self.start + 2) == .wait(until: fresh.notBefore))
        let late = Self.turn(3, after: 7.9)
        #expect(TurnCoalescing.choose([due, late], at: Self.start + 8.1) == .run(late, covering: [due]))
    }

    @Test func whatNamesItsAgentStandsAlone() {
        let first = Self.turn(1, addressed: true, burst: 0)
        #expect(TurnCoalescing.choose([first, Self.turn(2)], at: Self.start + 9) == .run(first, covering: []))
        let plain = Self.turn(1, burst: 0)
        let named = Self.turn(2, addressed: true, burst: 0)
        #expect(TurnCoalescing.choose([plain, named], at: Self.start) == .run(plain, covering: []))
    }

    @Test(arguments: [TurnRulesTests.turn(2, "mem"), TurnRulesTests.turn(2, by: "customer:2")])
    func othersAreNotCovered(other: Turn) {
        let first = Self.turn(1)
        #expect(
            TurnCoalescing.choose([first, other, Self.turn(3)], at: Self.start + 9) == .run(first, covering: []))
    }

    @Test func aCompanyHasSoManyPlaces() throws {
        var places = TurnPlaces(atOnce: 5, perCompany: 2)
        let (one, two) = (UUID(), UUID())
        let lane = TurnStore.Lane(companyId: one, conversationId: UUID())
        #expect(places.take(lane) == 0)
        #expect(places.take(lane) == nil, "one turn for each conversation")
        #expect(places.take(.init(companyId: one, conversationId: UUID())) == 1)
        #expect(places.take(.init(companyId: one, conversationId: UUID())) == nil)
        #expect(places.take(.init(companyId: two, conversationId: UUID())) == 0)
        places.leave(lane, 0)
        #expect(places.take(lane) == 0)
        #expect(places.free == 2)
    }

    @Test(arguments: [
        "human", "Human, please!", "I want to talk to a human", "can I speak with a real person?",
        "Please connect me to an agent", "quiero hablar con una persona", "Hablar con un asesor por favor",
        "¿Puedo hablar con alguien?", "an agent? no: get me a real person", "un humano", "I need a representative",
    ])
    func asksForAPerson(text: String) { #expect(HandoffWords.asks(text)) }

    @Test(arguments: [
        "", "how many persons does the kayak carry?", "I want a kayak for a person of 90 kg",
        "do you sell human anatomy books?", "I don't want to talk to a human", "no quiero hablar con una persona",
        "what agents do you have?", "personal training", "is someone in the shop today?", "la persona que me atendió",
    ])
    func asksForSomethingElse(text: String) { #expect(!HandoffWords.asks(text)) }

    @Test func aCallForAPersonIsHeardOnce() throws {
        let router = Router(MentionDirectory(author: .customer, agents: ["sales": .both]))
        func plan(_ text: String, holder: String? = nil, called: Bool = false) throws -> RoutingPlan {
            try router.plan(
                Router.Request(
                    content: text, role: .customer, surface: .widget(agent: "sales"), holder: holder,
                    isPersonCalled: called, hasCustomer: true, platform: .web))
        }
        let call = try plan("I want to talk to a human")
        #expect(call.human && call.agents.isEmpty)
        #expect(try plan("and the price?").agents == ["sales"])
        #expect(try plan("hello?", called: true).startsWork == false)
        #expect(try plan("talk to a human", called: true).startsWork == false)
        #expect(try plan("talk to a human", holder: UUID().uuidString.lowercased()).startsWork == false)
    }

    /// What is planned without knowing the agents is what would have been planned knowing them.
    @Test func aMessageThatNamesNobodyIsPlannedWithoutTheAgents() throws {
        var (known, unknown) = (0, 0)
        let texts = ["hello", "I want to talk to a human", "@sales hi", "a＠b", "", "quiero hablar con una persona"]
        for (content, role) in texts.flatMap({ text in [MessageRole.user, .customer].map { (text, $0) } }) {
            for surface in [Router.Surface.other, .ownThread, .widget(agent: nil), .widget(agent: "sales")] {
                for standing in [nil, "sales"] {
                    for holder in [nil, "agent:sales", UUID().uuidString.lowercased()] {
                        for answered in [nil, "sales"] {
                            let author: MentionAuthor = role == .customer ? .customer : .member
                            var request = Router.Request(
                                content: content, role: role, surface: surface, conversationAgent: standing,
                                holder: holder, replyTo: answered, hasCustomer: role == .customer, platform: .web)
                            request.asking = content.isEmpty ? "sales" : nil
                            let agents: [String: AgentAudience] = ["sales": .both, "assistant": .both]
                            let full = try Router(MentionDirectory(author: author, agents: agents)).plan(request)
                            guard let plan = try Router.planOfNobody(request) else {
                                known += 1
                                continue
                            }
                            unknown += 1
                            #expect(plan == full && plan.agents.isEmpty)
                        }
                    }
                }
            }
        }
        #expect(known > 100 && unknown > 10)
    }

    @Test func anAnswerToAnAgentsMessageReachesIt() throws {
        let router = Router(MentionDirectory(author: .member, agents: ["mem": .internal, "sales": .both]))
        var request = Router.Request(
            content: "and tomorrow?", role: .user, surface: .other, replyTo: "mem", hasCustomer: false, platform: .api)
        #expect(try router.plan(request).agents == ["mem"])
        #expect(try router.plan(request).source == .replyTo)
        request.content = "@sales and you?"
        #expect(try router.plan(request).agents == ["sales"])
        request.content = "and?"
        request.replyTo = "gone"
        #expect(try router.plan(request).agents.isEmpty)
    }

    @Test func aDraftIsToldByOffsetsOfScalars() async throws {
        let told = Journal<String>()
        let kept = Journal<String>()
        let stream = DraftStream(hasEarlier: true, keep: { kept.add($0) }) { told.add("\($0) \($1) \($2)") }
        stream.change(.text("Hé👩‍👧"))
        let running = Task { await stream.run() }
        defer { running.cancel() }
        try await eventually("it is told") { told.all.count == 2 }
        stream.change(.text("llo"))
        try await eventually("the rest is told") { told.all.count == 3 }
        stream.change(.reset)
        stream.change(.text("New"))
        try await eventually("the new text is told") { told.all.count == 5 }
        #expect(told.all == ["0  true", "0 Hé👩‍👧 false", "5 llo false", "0  true", "0 New false"])
        #expect(kept.all == ["Hé👩‍👧", "Hé👩‍👧llo", "New"])
    }
}
