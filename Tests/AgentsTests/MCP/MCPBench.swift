import Doubles
import Egress
import Foundation
import JSON
import Postgres
import TestSupport

@testable import Agents
@testable import Tenancy

/// Two companies in a database of a test's own, and an MCP server that belongs to the first.
struct MCPBench: Sendable {
    let store: ToolServerStore
    let tools: MCPTools
    let client: PostgresClient
    let double: FakeMCP
    let address: String
    let ana: TenantScope
    let eve: TenantScope

    var endpoint: String { FakeMCP.endpoint(address) }

    static func with(
        _ behaviour: FakeMCPBehaviour = FakeMCPBehaviour(), tools: [FakeMCPTool] = FakeMCPTool.standard,
        _ body: @Sendable @escaping (MCPBench) async throws -> Void
    ) async throws {
        try await TestPostgres.with(migrated: true) { database in
            try await database.withClient(configure: { $0.poolSize = 4 }) { client in
                let double = FakeMCP(behaviour, tools: tools)
                try await withDouble(double) { running in
                    let rules = try EgressRules(allowing: ["127.0.0.1:*"])
                    let egress = EgressClient(rules: rules)
                    let secrets = try SecretBox(current: "k1", keys: ["k1": [UInt8](repeating: 7, count: 32)])
                    let store = ToolServerStore(client, secrets: secrets, rules: rules)
                    let bench = MCPBench(
                        store: store, tools: MCPTools(store: store, egress: egress), client: client, double: double,
                        address: running.address, ana: try await company(client, secrets, "Ana"),
                        eve: try await company(client, secrets, "Eve"))
                    do { try await body(bench) } catch {
                        await egress.shutdown()
                        throw error
                    }
                    await egress.shutdown()
                }
            }
        }
    }

    private static func company(
        _ client: PostgresClient, _ secrets: SecretBox, _ name: String
    ) async throws -> TenantScope {
        let tokens = try TokenConfiguration(key: TokenKey(id: "t1", secret: [UInt8](repeating: 9, count: 32)))
        let authenticator = await Authenticator(client, tokens: tokens, secrets: secrets)
        let signIn = SignIn(
            client, hasher: PasswordHasher(cost: 4), tokens: authenticator.tokens, secrets: secrets)
        let signedIn = try await signIn.register(
            Registration(
                email: "\(name.lowercased()).\(UUID.v7().lowercased)@example.com", password: "correct horse",
                name: name,
                companyName: "\(name) Ltd"))
        return try await authenticator.identify(try await authenticator.verify(signedIn.token), companyHint: nil)
            .scope()
    }

    /// Ana's server, listed.
    @discardableResult
    func add(_ change: (inout ToolServerDraft) -> Void = { _ in }) async throws -> ToolServer {
        var draft = ToolServerDraft(name: "Fake", slug: "fake", url: endpoint)
        change(&draft)
        let server = try await store.create(ana, draft)
        return try await tools.refresh(ana, server.id)
    }

    /// Approves all of a server's tools as they are.
    func approveAll(_ server: ToolServer) async throws {
        for tool in try await store.tools(ana, of: server.id).items {
            _ = try await store.change(ana, server.id, tool: tool.name, approvedHash: .set(tool.definitionHash))
        }
    }

    /// Lets the list of tools be too old to be believed.
    func expire(_ server: ToolServer) async throws {
        _ = try await client.query(
            "UPDATE mcp_servers SET fresh_until = now() - interval '1 second' WHERE id = \(server.id)",
            settings: ana.settings)
    }

    /// The tools that Ana's agents are offered.
    func offered(_ names: [String]? = nil) async throws -> [any Tool] { try await tools.tools(for: ana, named: names) }

    func echo() async throws -> any Tool {
        guard let tool = try await offered(["mcp_fake_echo"]).first else {
            throw ToolError.unknownTool("mcp_fake_echo")
        }
        return tool
    }

    var toolScope: ToolScope {
        ToolScope(
            tenant: .forJob(companyId: ana.companyId), author: .user(ana.userId ?? UUID()), conversationId: UUID(),
            isReadByCustomer: false)
    }
}
