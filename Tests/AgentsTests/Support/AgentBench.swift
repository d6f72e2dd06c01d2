import Foundation
import JSON
import Postgres
import Tenancy
import TestSupport

@testable import Agents
@testable import Conversations

/// Companies and members on a database of a test's own, and agents that are spoken to without a server.
struct AgentBench: Sendable {
    let client: PostgresClient
    let secrets: SecretBox
    private let signIn: SignIn

    static func with(_ body: (AgentBench) async throws -> Void) async throws {
        try await TestPostgres.with(migrated: true) { database in
            try await database.withClient { client in
                let secrets = try SecretBox(current: "k1", keys: ["k1": [UInt8](repeating: 7, count: 32)])
                let tokens = try TokenConfiguration(key: TokenKey(id: "t1", secret: [UInt8](repeating: 9, count: 32)))
                let authenticator = await Authenticator(client, tokens: tokens, secrets: secrets)
                let signIn = SignIn(
                    client, hasher: PasswordHasher(cost: 4), tokens: authenticator.tokens, secrets: secrets)
                try await body(AgentBench(client: client, secrets: secrets, signIn: signIn))
            }
        }
    }

    /// A member who speaks to one agent in one conversation, and what the agent keeps of it.
    final class Talk {
        let scope: TenantScope
        let author: TurnAuthor
        var memory = SkillMemory()
        var now: Date
        var isReadByCustomer = false
        private let agent: any Agent
        private let conversationId = UUID.v7()

        init(_ agent: any Agent, _ scope: TenantScope, _ author: TurnAuthor, now: Date) {
            self.agent = agent
            self.scope = scope
            self.author = author
            self.now = now
        }

        /// Says something and waits for the answer.
        func say(_ instruction: String, turnId: UUID = .v7()) async throws -> AgentAnswer {
            let answer = try await agent.answer(turn(instruction, turnId))
            memory = answer.memory
            return answer
        }

        /// What the agent's grammar understands of a text without asking a model; nothing is kept of it.
        func exact(_ instruction: String) async throws -> AgentAnswer? {
            try await agent.exactAnswer(turn(instruction, .v7()))
        }

        private func turn(_ instruction: String, _ turnId: UUID) -> AgentTurn {
            let scope = ToolScope(
                tenant: scope, author: author, conversationId: conversationId, isReadByCustomer: isReadByCustomer,
                turnId: turnId)
            return AgentTurn(
                instruction: instruction, author: author,
                tools: ToolBox(agent.tools, audience: agent.profile.audience, scope: scope), memory: memory, now: now,
                conversation: Conversation(
                    id: conversationId, companyId: scope.tenant.companyId, customerId: nil, platform: .internal,
                    owner: .company, status: .active, control: Control(), messageCount: 1, attributes: [:], version: 1,
                    createdAt: now, updatedAt: now),
                trigger: Message(
                    id: .v7(), companyId: scope.tenant.companyId, conversationId: conversationId, seq: 1, role: .user,
                    sender: author.key, content: instruction, agentName: nil, clientMessageId: nil, metadata: [:],
                    inReplyTo: nil, turnId: nil, routing: nil, timestamp: now))
        }
    }

    /// A new member of a new company.
    func register(_ name: String = "Ana") async throws -> (user: UUID, company: UUID) {
        let signedIn = try await signIn.register(
            Registration(
                email: "\(name.lowercased()).\(UUID.v7().lowercased)@example.com", password: "correct horse",
                name: name, companyName: "\(name) Ltd"))
        guard let company = signedIn.company?.id else { throw NotFound("company") }
        return (signedIn.user.id, company)
    }

    func set(_ settings: JSONObject, of company: UUID) async throws {
        _ = try await CompanyStore(client, secrets: secrets).update(
            .forJob(companyId: company), CompanyPatch(settings: settings))
    }

    func calendar(_ accounts: any LinkedAccounts = NoLinkedAccounts()) -> CalContext {
        let companies = CompanyStore(client, secrets: secrets)
        return CalContext(
            events: CalendarStore(client), states: AgentStateStore(client), accounts: accounts,
            company: { try await companies.get($0) })
    }

    func talk(_ agent: any Agent, _ who: (user: UUID, company: UUID), now: String) throws -> Talk {
        guard let now = Timestamp.parse(now) else { throw NotFound("time") }
        return Talk(agent, .forJob(companyId: who.company), .user(who.user), now: now)
    }
}
