import Doubles
import Foundation
import JSON
import LanguageModels
import Logging
import Synchronization

@testable import Agents
@testable import Conversations
@testable import Tenancy

/// An agent of a test: everything but one instruction is left to a model.
struct TestAgent: Agent {
    let tools: [any Tool]
    let profile = AgentProfile(name: "tester", description: "Answers in tests.", audience: .both)

    func answer(_ turn: AgentTurn) async throws -> AgentAnswer {
        AgentAnswer("by rules: \(turn.instruction)", memory: turn.memory, confidence: 1)
    }

    func exactAnswer(_ turn: AgentTurn) async throws -> AgentAnswer? {
        turn.instruction == "exactly this" ? try await answer(turn) : nil
    }
}

/// One agent, one model that follows a script, and what was shown.
final class World: Sendable {
    let llm: FakeLLM
    private let tools: [any Tool]
    private let fallback: String?
    private let author: TurnAuthor
    private let time: Duration
    private let journal: @Sendable () -> TurnJournal
    private let key: ModelKey?
    private let logger: Logger
    private let seen = Mutex<[DraftChange]>([])

    init(
        _ llm: FakeLLM, tools: [any Tool] = [], fallback: String? = nil, author: TurnAuthor = .user(.v7()),
        time: Duration = .seconds(20), key: ModelKey? = nil, logger: Logger = Logger(label: "test"),
        journal: @escaping @Sendable () -> TurnJournal = { .forgetful }
    ) {
        self.llm = llm
        self.tools = tools
        self.fallback = fallback
        self.author = author
        self.time = time
        self.key = key
        self.logger = logger
        self.journal = journal
    }

    var drafts: [DraftChange] { seen.withLock { $0 } }

    func answer(_ text: String) async throws -> AgentAnswer {
        guard let answer = try await answers([text]).first else { throw CancellationError() }
        return answer
    }

    func answers(_ texts: [String]) async throws -> [AgentAnswer] {
        try await withDouble(llm) { running in
            let client = ModelClient(logger: self.logger, pause: { _ in })
            let profile = ModelProfile(
                id: "test", baseURL: running.address + "/v1", key: self.key, model: "fake",
                fallbackModel: self.fallback,
                prices: ModelPrices(input: 1_000_000, output: 10_000_000))
            let generator = Generator(
                client: client, profiles: .fixed(profile),
                context: GenerationContext(company: { _ in .test }), logger: self.logger)
            var answers: [AgentAnswer] = []
            for text in texts {
                answers.append(try await generator.answer(self.turn(text), for: TestAgent(tools: self.tools)))
            }
            await client.shutdown()
            return answers
        }
    }

    private func turn(_ text: String) -> AgentTurn {
        let scope = ToolScope.test(author)
        let conversation = Conversation(
            id: scope.conversationId, companyId: scope.tenant.companyId, customerId: nil, platform: .web,
            owner: .company, title: nil, status: .active, assignee: nil, agent: nil, control: Control(),
            lastMessageAt: nil, messageCount: 1, attributes: [:], version: 1, createdAt: Date(), updatedAt: Date())
        let message = Message(
            id: .v7(), companyId: scope.tenant.companyId, conversationId: conversation.id, seq: 1,
            role: author.kind == .customer ? .customer : .user,
            sender: author.kind == .customer ? "customer:x" : "user:x",
            content: text, agentName: nil, clientMessageId: nil, reasoning: nil, functionCalls: nil,
            functionOutputs: nil, metadata: [:], inReplyTo: nil, turnId: nil, routing: nil, timestamp: Date())
        let journal = journal()
        return AgentTurn(
            instruction: text, author: author, companyName: "Test & Co",
            tools: ToolBox(tools, audience: .both, scope: scope, journal: journal), conversation: conversation,
            trigger: message, deadline: .now + time, journal: journal,
            onDraft: { change in self.seen.withLock { $0.append(change) } })
    }
}

extension Company {
    /// A company that says nothing about itself.
    static var test: Company {
        Company(
            id: .v7(), name: "Test & Co", industry: nil, brandPersonality: nil, active: true, subscriptionPlan: .free,
            subscriptionStatus: .active, widgetKey: "sb_pub_x", settings: .initial, createdAt: Date(),
            updatedAt: Date(), version: 1)
    }
}
