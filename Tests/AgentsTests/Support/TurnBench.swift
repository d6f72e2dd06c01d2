import Foundation
import JSON
import Logging
import Mongo
import Postgres
import Synchronization
import TestSupport

@testable import Agents
@testable import Conversations
@testable import Tenancy

/// Agents on real stores: a company, conversations, and as many workers as a test wants, each with its own clients, as
/// if each were a process.
struct TurnBench: Sendable {
    let postgres: PostgresClient
    let mongo: TestMongo
    let store: ConversationStore
    let member: TenantScope

    var company: UUID { member.companyId }
    var worker: TenantScope { .forJob(companyId: company) }

    static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    static func with(_ body: (TurnBench) async throws -> Void) async throws {
        try await TestPostgres.with(migrated: true) { database in
            try await database.withClient(configure: { $0.poolSize = 8 }) { postgres in
                let mongo = TestMongo.fresh()
                let client = try mongo.client { $0.threads = 8 }
                func end() async {
                    await client.shutdown()
                    try? await mongo.drop()
                }
                do {
                    try await ConversationSchema.apply(client.database())
                    try await body(
                        TurnBench(
                            postgres: postgres, mongo: mongo,
                            store: ConversationStore(
                                client: client, logger: quiet,
                                onErase: {
                                    try await MemoryStore(postgres).forget(.forJob(companyId: $0), messages: $1)
                                }),
                            member: try await owner(postgres)))
                } catch {
                    await end()
                    throw error
                }
                await end()
            }
        }
    }

    /// The owner of a new company.
    static func owner(_ postgres: PostgresClient) async throws -> TenantScope {
        let secrets = try SecretBox(current: "k1", keys: ["k1": [UInt8](repeating: 7, count: 32)])
        let tokens = try TokenConfiguration(key: TokenKey(id: "t1", secret: [UInt8](repeating: 9, count: 32)))
        let authenticator = await Authenticator(postgres, tokens: tokens, secrets: secrets, oidc: nil)
        let signIn = SignIn(
            postgres, hasher: PasswordHasher(cost: 4), tokens: authenticator.tokens, secrets: secrets)
        let signedIn = try await signIn.register(
            Registration(
                email: "ana.\(UUID.v7().lowercased)@example.com", password: "correct horse", name: "Ana",
                companyName: "Ana Ltd"))
        return try await authenticator.identify(try await authenticator.verify(signedIn.token), companyHint: nil)
            .scope()
    }

    /// Runs `body` with `count` workers on these agents.
    /// - Parameter onWaiting: makes the first of them one that only accepts, and hears it call the others.
    func workers<Result>(
        _ count: Int = 1, _ agents: [any Agent], _ configure: (inout TurnConfiguration) -> Void = { _ in },
        onEvent: @escaping @Sendable (TurnEvent) -> Void = { _ in },
        onDelta: @escaping @Sendable (TurnDelta) -> Void = { _ in },
        onTool: @escaping @Sendable (ToolEvent) -> Void = { _ in }, onWaiting: (@Sendable () -> Void)? = nil,
        _ body: ([TurnRunner]) async throws -> Result
    ) async throws -> Result {
        var configuration = TurnConfiguration()
        configuration.pollInterval = .milliseconds(20)
        configuration.sweepInterval = .milliseconds(50)
        configuration.sweepAge = .zero
        configure(&configuration)
        let clients = try (0..<count).map { _ in try mongo.client { $0.threads = 8 } }
        let common = configuration
        let runners = clients.enumerated().map { place, client in
            var configuration = common
            configuration.works = configuration.works && (onWaiting == nil || place > 0)
            return TurnRunner(
                registry: AgentRegistry(agents),
                conversations: ConversationStore(client: client, logger: Self.quiet),
                states: AgentStateStore(postgres), logs: AgentLogStore(postgres),
                company: { try await CompanyStore(postgres, secrets: Self.secrets).get($0) },
                configuration: configuration, logger: Self.quiet, onEvent: onEvent, onDelta: onDelta,
                onTool: onTool,
                onWaiting: onWaiting ?? {})
        }
        let running = runners.map { runner in Task { try await runner.run() } }
        func end() async {
            for task in running { task.cancel() }
            for task in running { _ = await task.result }
            for client in clients { await client.shutdown() }
        }
        do {
            let result = try await body(runners)
            await end()
            return result
        } catch {
            await end()
            throw error
        }
    }

    private static var secrets: SecretBox {
        get throws { try SecretBox(current: "k1", keys: ["k1": [UInt8](repeating: 7, count: 32)]) }
    }

    // MARK: Conversations

    /// A conversation of the company, with a customer when `customer` is given.
    func conversation(_ platform: Platform = .web, customer: UUID? = nil) async throws -> UUID {
        try await store.create(ConversationDraft(customerId: customer, platform: platform), in: worker).conversation.id
    }

    /// Writes a message that starts these agents.
    func write(
        _ content: String, in conversation: UUID, to agents: [String], as role: MessageRole = .user,
        _ source: ParsedMentions.Source = .mention, by scope: TenantScope? = nil, on platform: Platform = .web
    ) async throws -> Message {
        var plan = RoutingPlan()
        plan.agents = agents
        plan.source = source
        plan.burstMilliseconds = Router.burstMilliseconds(on: platform)
        let draft = MessageDraft(role: role, content: content, routing: plan.json)
        return try await store.append(draft, to: conversation, in: scope ?? member).message
    }

    /// All messages of a conversation.
    func messages(_ conversation: UUID) async throws -> [Message] {
        var all: [Message] = []
        var position: MessagePosition? = .after(0)
        while let at = position {
            let page = try await store.messages(of: conversation, at: at, limit: 200, in: worker)
            all += page.messages
            position = page.next
        }
        return all
    }

    /// The replies of agents.
    func replies(_ conversation: UUID) async throws -> [Message] {
        try await messages(conversation).filter { $0.role == .agent }
    }

    /// The only turn of a message.
    func turn(_ message: Message) async throws -> Turn? {
        try await store.turns.turns(of: message.id, worker).first
    }

    /// Whether the turns of a message are over, for a majority: only what a majority has is seen by who reads messages.
    func isOver(_ message: Message, _ count: Int = 1) async throws -> Bool {
        let turns = try await store.turns.turns.with(readConcern: .majority).find(
            ["companyId": .uuid(company), "triggerMessageId": .uuid(message.id)], limit: 10)
        return turns.count == count
            && turns.allSatisfy { turn in
                turn.string("status").flatMap { Turn.State(rawValue: $0) }?.isFinal ?? false
            }
    }

    /// Lets every lease run out.
    func expireLeases() async throws {
        try await store.turns.turns.update(
            many: ["companyId": .uuid(company), "status": "running"],
            ["$set": ["leaseUntil": .date(Date(timeIntervalSinceNow: -1))]])
    }

    /// Waits until a worker's turn has died, all of it: one that is stopped before gives its turn back, as no dead one
    /// does.
    func died(_ runner: TurnRunner, at step: String = "a step", _ happened: @escaping () -> Bool) async throws {
        try await eventually("the worker dies at \(step)") {
            happened() && runner.freePlaces == TurnConfiguration().turnsAtOnce
        }
    }

    func logs() async throws -> [AgentLog] {
        try await AgentLogStore(postgres).list(member, page: PageRequest(limit: 200)).items
    }
}

/// An agent whose answer a test writes.
struct ScriptedAgent: Agent {
    var profile: AgentProfile
    var tools: [any Tool]
    var script: @Sendable (AgentTurn) async throws -> AgentAnswer

    init(
        _ name: String = "bot", audience: AgentAudience = .both, tools: [any Tool] = [],
        _ script: @escaping @Sendable (AgentTurn) async throws -> AgentAnswer
    ) {
        profile = AgentProfile(name: name, description: "", audience: audience)
        self.tools = tools
        self.script = script
    }

    func answer(_ turn: AgentTurn) async throws -> AgentAnswer { try await script(turn) }

    /// Says what was said to it.
    static func echo(_ name: String = "bot") -> ScriptedAgent {
        ScriptedAgent(name) { AgentAnswer("heard: \($0.instruction)", memory: $0.memory) }
    }
}

/// A tool that counts how often it did something.
struct CountingTool: Tool {
    let name: String
    let description = "Counts."
    let effect: ToolEffect
    let schema = ToolSchema(.init("what", .text(maximum: 100), "What"))
    let done: Counter

    func run(_ scope: ToolScope, _ arguments: JSONObject) async throws -> JSONValue {
        .integer(Int64(done.add()))
    }
}
