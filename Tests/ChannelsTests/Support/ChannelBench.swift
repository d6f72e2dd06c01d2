import Agents
import Cache
import Doubles
import Foundation
import JSON
import Logging
import Mongo
import Postgres
import TestSupport

@testable import Channels
@testable import Conversations
@testable import Tenancy

/// A company with a number at the double, on real stores, and as many processes' work as a test wants.
struct ChannelBench: Sendable {
    let postgres: PostgresClient
    let mongo: TestMongo
    let stores: ChannelStores
    let conversations: ConversationStore
    let meta: FakeMeta
    let graphURL: String
    let owner: TenantScope
    let opened: OpenedChannel

    var worker: TenantScope { .forJob(companyId: owner.companyId) }

    static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    static var secrets: SecretBox {
        get throws { try SecretBox(current: "k1", keys: ["k1": [UInt8](repeating: 7, count: 32)]) }
    }

    static func with(_ body: @Sendable (ChannelBench) async throws -> Void) async throws {
        let meta = FakeMeta()
        try await withDouble(meta) { running in
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
                        let owner = try await Self.owner(postgres)
                        let stores = ChannelStores(postgres, secrets: try secrets)
                        let channel = try await stores.channels.create(owner, draft(meta))
                        guard let opened = try await stores.channels.presented(channel.id, .whatsapp) else { return }
                        try await body(
                            ChannelBench(
                                postgres: postgres, mongo: mongo, stores: stores,
                                conversations: ConversationStore(client: client, logger: quiet), meta: meta,
                                graphURL: "\(running.address)/v24.0", owner: owner, opened: opened))
                    } catch {
                        await end()
                        throw error
                    }
                    await end()
                }
            }
        }
    }

    private static func draft(_ meta: FakeMeta) -> ChannelDraft {
        ChannelDraft(
            kind: .whatsapp, name: "Support", address: meta.phoneNumberId, agent: nil,
            secrets: ChannelSecrets([
                .accessToken: "double-token", .appSecret: meta.appSecret, .verifyToken: "double-verify",
            ]))
    }

    private static func owner(_ postgres: PostgresClient) async throws -> TenantScope {
        let tokens = try TokenConfiguration(key: TokenKey(id: "t1", secret: [UInt8](repeating: 9, count: 32)))
        let authenticator = await Authenticator(postgres, tokens: tokens, secrets: try secrets, oidc: nil)
        let signIn = SignIn(
            postgres, hasher: PasswordHasher(cost: 4), tokens: authenticator.tokens, secrets: try secrets)
        let signedIn = try await signIn.register(
            Registration(
                email: "ana.\(UUID.v7().lowercased)@example.com", password: "correct horse", name: "Ana",
                companyName: "Ana Ltd"))
        return try await authenticator.identify(try await authenticator.verify(signedIn.token), companyHint: nil)
            .scope()
    }

    /// Runs `body` while so many processes work, each with its own connections to MongoDB.
    func processes<Result>(
        _ count: Int = 1, _ configure: (inout ChannelConfiguration) -> Void = { _ in },
        _ body: ([DeliveryRunner]) async throws -> Result
    ) async throws -> Result {
        var configuration = ChannelConfiguration()
        configuration.graphURL = graphURL
        configuration.pollInterval = .milliseconds(20)
        configuration.sweepInterval = .milliseconds(50)
        configuration.sweepAge = .zero
        configuration.firstPause = .milliseconds(50)
        configuration.ambiguousWait = .milliseconds(300)
        configure(&configuration)
        let clients = try (0..<count).map { _ in try mongo.client { $0.threads = 4 } }
        var services: [any Sendable] = []
        var running: [Task<Void, any Error>] = []
        var runners: [DeliveryRunner] = []
        for client in clients {
            let conversations = ConversationStore(client: client, logger: Self.quiet)
            let runner = DeliveryRunner(
                stores: stores, conversations: conversations, configuration: configuration, logger: Self.quiet)
            let turns = TurnRunner(
                registry: AgentRegistry([]), conversations: conversations, states: AgentStateStore(postgres),
                logs: AgentLogStore(postgres),
                company: { [postgres] in try await CompanyStore(postgres, secrets: Self.secrets).get($0) },
                logger: Self.quiet)
            let intake = ChannelIntake(
                stores: stores, conversations: conversations, turns: turns, configuration: configuration,
                logger: Self.quiet, onReopened: { runner.wake() })
            running.append(Task { try await runner.run() })
            running.append(Task { try await intake.run() })
            runners.append(runner)
            services.append(turns)
        }
        func end() async {
            for task in running { task.cancel() }
            for task in running { _ = await task.result }
            for runner in runners { await runner.shutdown() }
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

    /// Keeps what a webhook tells.
    func tell(_ events: FakeMetaEvent...) async throws {
        let envelope = WhatsAppEnvelope(meta.envelope(events).encoded, phoneNumberId: meta.phoneNumberId)
        _ = try await stores.events.keep(opened, envelope.events)
    }

    /// A conversation with somebody who wrote just now.
    func conversation(with number: String = "4915110") async throws -> UUID {
        let contact = try await stores.contacts.resolve(
            worker, opened.channel, ContactSighting(waId: number, name: "Carla", seenAt: Date()))
        _ = try await stores.outbox.reopen(contact, at: Date())
        return try await ContactPlace(contacts: stores.contacts, conversations: conversations).open(contact, .whatsapp)
            .id
    }

    /// Writes as a member.
    @discardableResult
    func write(_ content: String, in conversation: UUID) async throws -> Message {
        try await conversations.append(MessageDraft(role: .user, content: content), to: conversation, in: owner).message
    }

    /// All messages of a conversation.
    func messages(_ conversation: UUID) async throws -> [Message] {
        try await conversations.messages(of: conversation, at: .after(0), limit: 200, in: worker).messages
    }

    /// Lets every claim run out.
    func expireClaims() async throws {
        for table in ["channel_events", "channel_outbox"] {
            _ = try await postgres.query(
                "UPDATE \(raw: table) SET due_at = now() - interval '1 second' WHERE state IN ('pending', 'sending')",
                settings: .sweeper)
        }
    }
}
