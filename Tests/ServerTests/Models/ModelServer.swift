import Doubles
import Foundation
import JSON
import TestSupport

/// A server whose agents have a language model that follows a script.
enum ModelServer {
    /// Times short enough to wait for in a test.
    static let hasty = ["OPENAI_HEAD_SECONDS": "1", "OPENAI_GAP_SECONDS": "1", "OPENAI_CALL_SECONDS": "3"]

    private static let stores = Task { try await TestStores.fresh() }

    /// Runs a server and a shop in it.
    static func with(
        _ llm: FakeLLM, _ variables: [String: String] = [:],
        _ body: @escaping @Sendable (Shop) async throws -> Void
    ) async throws {
        let stores = try await stores.value
        try await withDouble(llm) { running in
            let settings = Dictionary(running.environment.map { ($0.name, $0.value) }) { $1 }
            try await TestServer.with(settings.merging(variables) { $1 }, on: stores) { server in
                try await body(try await Shop(server))
            }
        }
    }

    /// A company with one product, and a visitor of its chat.
    struct Shop: Sendable {
        let server: TestServer
        let owner: Tenant
        let visitor: API
        let conversation: String

        init(_ server: TestServer) async throws {
            self.server = server
            owner = try await server.api.register("Shop")
            try await owner.api.post(
                "/api/products", ["name": "12 week plan", "priceCents": 8900, "currency": "EUR", "sku": "P12"]
            ).expect(201)
            visitor = try await owner.visitor()
            conversation = try await visitor.get("/api/conversations").data.first?["id"]?.stringValue ?? ""
        }

        /// The visitor says something and waits for the replies.
        func ask(_ text: String, wait: Int = 20) async throws -> [JSONValue] {
            try await visitor.with(header: "Prefer", "wait=\(wait)").post(
                "/api/conversations/\(conversation)/messages", ["content": .string(text)]
            ).expect(201)["replies"].arrayValue ?? []
        }

        /// How the last of the agents' messages came about; visitors are not told.
        func lastMode() async throws -> JSONValue? { try await agentMessages().last?["metadata"]?["mode"] }

        /// What agents said in the conversation.
        func agentMessages() async throws -> [JSONValue] {
            try await owner.api.get("/api/conversations/\(conversation)/messages?limit=200").data.filter {
                $0["role"] == "agent"
            }
        }
    }
}
