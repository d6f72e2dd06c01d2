import Doubles
import Egress
import JSON
import TestSupport
import Testing

@testable import MCP

@Suite(.timeLimit(.minutes(3))) struct MCPClientTests {
    /// A client, the double, and the talk between them.
    struct Talk: Sendable {
        let client: MCPClient
        let double: FakeMCP
        var server: MCPServer

        func list(_ connection: inout MCPConnection) async throws -> MCPToolList {
            try await client.tools(server, &connection)
        }

        func echo(_ text: String, _ connection: inout MCPConnection) async throws -> MCPResult {
            let tool = try MCPToolDefinition(listed: ["name": "echo", "inputSchema": ["type": "object"]])
            return try await client.call(tool, ["text": .string(text)], server, &connection)
        }

        /// What went wrong with a call in a fresh talk: the code of our error.
        func failure(_ connection: MCPConnection = MCPConnection()) async -> String? {
            do {
                var connection = connection
                _ = try await echo("hi", &connection)
                return nil
            } catch {
                return (error as? MCPError)?.code.rawValue ?? (error as? EgressError)?.code.rawValue ?? "\(error)"
            }
        }
    }

    private func with(
        _ behaviour: FakeMCPBehaviour = FakeMCPBehaviour(), tools: [FakeMCPTool] = FakeMCPTool.standard,
        timeout: Duration = .seconds(10), _ body: @Sendable @escaping (Talk) async throws -> Void
    ) async throws {
        let double = FakeMCP(behaviour, tools: tools)
        try await withDouble(double) { running in
            let egress = EgressClient(rules: try EgressRules(allowing: ["127.0.0.1:*"]))
            let server = MCPServer(url: FakeMCP.endpoint(running.address), timeout: timeout)
            do {
                try await body(Talk(client: MCPClient(egress), double: double, server: server))
                await egress.shutdown()
            } catch {
                await egress.shutdown()
                throw error
            }
        }
    }

    private static let ways = [FakeMCPBehaviour.Era.modern, .legacySession, .legacyStateless].flatMap { era in
        [FakeMCPBehaviour(era: era), FakeMCPBehaviour(era: era, streams: true)]
    }

    @Test("tools are found and called in both eras, by JSON and by event stream", arguments: ways)
    func speaks(_ behaviour: FakeMCPBehaviour) async throws {
        try await with(behaviour) { talk in
            var connection = MCPConnection()
            let list = try await talk.list(&connection)
            #expect(list.tools.map(\.name) == ["echo", "weather"] && list.isComplete && list.rejected == 0)
            #expect(connection.era == (behaviour.era == .modern ? .modern : .legacy))
            #expect(connection.version == (behaviour.era == .modern ? "2026-07-28" : "2025-11-25"))
            let result = try await talk.echo("hi", &connection)
            let expected = try MCPResult.text("hi")
            #expect(result == expected)
            #expect(talk.double.count("tools/call") == 1)
            // No request offers anything, and none carries a credential that nobody gave.
            for request in talk.double.received {
                #expect(request.headers["authorization"] == nil && request.headers["cookie"] == nil)
                let meta = request.params["_meta"]?["io.modelcontextprotocol/clientCapabilities"]
                if let offered = meta ?? request.params["capabilities"] { #expect(offered == [:]) }
            }
            if behaviour.era == .legacySession {
                #expect(talk.double.received.last?.headers["mcp-session-id"] == "session-1")
                #expect(talk.double.count("initialize") == 1 && talk.double.count("notifications/initialized") == 1)
            }
        }
    }

    @Test func aCallFindsOutTheEraWithoutCallingTwice() async throws {
        for behaviour in Self.ways {
            try await with(behaviour) { talk in
                var connection = MCPConnection()
                let result = try await talk.echo("hi", &connection)
                #expect(result.text == "hi" && talk.double.count("tools/call") == 1)
            }
        }
    }

    @Test(arguments: ["\r\n", "\r", "\n"])
    func streamsMayEndLinesAsTheyLike(_ end: String) async throws {
        var behaviour = FakeMCPBehaviour(era: .modern, streams: true)
        behaviour.lineEnd = end
        behaviour.endsStreamEarly = true
        try await with(behaviour) { talk in
            var connection = MCPConnection()
            let result = try await talk.echo("grüße 🌦", &connection)
            #expect(result.text == "grüße 🌦")
        }
    }

    @Test func pagesAreReadToTheEndAndNoFurther() async throws {
        let many = (0..<25).map { FakeMCPTool("tool\($0)") }
        try await with(tools: many) { talk in
            var connection = MCPConnection()
            let list = try await talk.list(&connection)
            #expect(list.tools.map(\.name) == many.map(\.name) && list.isComplete)
            #expect(talk.double.count("tools/list") == 3)
            talk.double.offer { $0 = (0..<500).map { FakeMCPTool("tool\($0)") } }
            talk.double.behave { $0.pageSize = 90 }
            let capped = try await talk.list(&connection)
            #expect(capped.tools.count == MCPClient.maximumTools && !capped.isComplete)
            talk.double.offer { $0 = [FakeMCPTool("one")] }
            talk.double.behave { $0.pagesNeverEnd = true }
            let before = talk.double.count("tools/list")
            let endless = try await talk.list(&connection)
            #expect(endless.tools.count == 1 && !endless.isComplete)
            #expect(talk.double.count("tools/list") - before == MCPClient.maximumPages)
        }
    }

    @Test func unusableDefinitionsAreLeftOut() async throws {
        let tools = [
            FakeMCPTool("good"), FakeMCPTool("good", "Again."), FakeMCPTool("bad name"),
            FakeMCPTool("remote", schema: ["type": "object", "properties": ["a": ["$ref": "https://x.example.com/"]]]),
            FakeMCPTool("marked", schema: ["type": "object", "x-mcp-header": "A"]), FakeMCPTool("other"),
        ]
        try await with(tools: tools) { talk in
            var connection = MCPConnection()
            let list = try await talk.list(&connection)
            #expect(list.tools.map(\.name) == ["good", "other"] && list.rejected == 4)
            #expect(list.tools.first?.description == "A tool.")
        }
    }

    @Test("a lost session is renewed once, and the call made once", arguments: [400, 404, 503])
    func sessions(_ status: Int) async throws {
        var behaviour = FakeMCPBehaviour(era: .legacySession)
        behaviour.staleSessionStatus = status
        try await with(behaviour) { talk in
            var connection = MCPConnection()
            let one = try await talk.echo("one", &connection)
            talk.double.loseSessions()
            let two = try await talk.echo("two", &connection)
            #expect(one.text == "one" && two.text == "two")
            #expect(talk.double.count("initialize") == 2)
            #expect(talk.double.received.last?.headers["mcp-session-id"] == "session-2")
            talk.double.behave { $0.losesEverySession = true }
            let before = talk.double.received.count
            await #expect(throws: MCPError.self) { try await talk.echo("three", &connection) }
            #expect(talk.double.received.count - before <= 4)
        }
    }

    @Test func aServerThatChangesItsEraIsFollowed() async throws {
        try await with(FakeMCPBehaviour(era: .legacySession)) { talk in
            var connection = MCPConnection()
            _ = try await talk.list(&connection)
            talk.double.behave { $0.era = .modern }
            // The first call may fail; the next one asks anew.
            _ = try? await talk.list(&connection)
            _ = try? await talk.list(&connection)
            #expect(try await talk.echo("hi", &connection).text == "hi" && connection.era == .modern)
            talk.double.behave { $0.era = .legacyStateless }
            #expect(try await talk.echo("hi", &connection).text == "hi" && connection.era == .legacy)
        }
    }

    @Test func failuresOfToolsAndOfTheProtocolAreDifferentThings() async throws {
        for behaviour in Self.ways {
            try await with(behaviour) { talk in
                talk.double.behave { $0.outcome = .isError }
                var connection = MCPConnection()
                let result = try await talk.echo("hi", &connection)
                #expect(result.isError && result.text == "it broke")
                talk.double.behave { $0.outcome = .protocolError }
                let before = talk.double.count("tools/call")
                #expect(await talk.failure(connection) == "failed")
                #expect(talk.double.count("tools/call") - before == 1)
                talk.double.behave { $0.outcome = .inputRequired }
                #expect(await talk.failure(connection) == "unsupported")
                talk.double.behave { $0.outcome = .result(["resultType": "later"]) }
                #expect(await talk.failure(connection) == "malformed")
            }
        }
    }

    @Test func whatIsNoTextIsNamed() async throws {
        let content: JSONValue = [
            ["type": "image", "data": "AAAA", "mimeType": "image/png"], ["type": "text", "text": "seen"],
            ["type": "resource_link", "uri": "file:///x", "name": "notes"], ["type": "new"], 7,
            ["type": "resource", "resource": ["uri": "x", "text": "inside"]],
        ]
        try await with { talk in
            talk.double.behave {
                $0.outcome = .result(["content": content, "structuredContent": ["a": 1], "resultType": "complete"])
            }
            var connection = MCPConnection()
            let result = try await talk.echo("hi", &connection)
            #expect(
                result.text == """
                    [image, image/png, 3 bytes, not shown]
                    seen
                    [link to a resource: notes]
                    [content that is not shown]
                    [content that is not shown]
                    inside
                    """)
            #expect(result.structured == ["a": 1])
        }
    }

    @Test func requestsOfTheServerAreRefused() async throws {
        var behaviour = FakeMCPBehaviour(era: .legacySession, streams: true)
        behaviour.serverRequests = 2
        try await with(behaviour) { talk in
            var connection = MCPConnection()
            _ = try await talk.list(&connection)
            let answers = talk.double.received.filter { $0.method.isEmpty }
            #expect(answers.count >= 2)
            #expect(answers.allSatisfy { $0.message["error"]?["code"] == -32601 })
            talk.double.behave { $0.serverRequests = 500 }
            #expect(await talk.failure(connection) == "unsupported")
        }
    }

    @Test func progressGivesTimeAndSilenceDoesNot() async throws {
        var behaviour = FakeMCPBehaviour(era: .modern, streams: true)
        behaviour.progress = 60
        try await with(behaviour, timeout: .seconds(2)) { talk in
            #expect(await talk.failure() == nil)
            talk.double.behave {
                $0.progress = 0
                $0.streams = false
                $0.delay = .seconds(30)
            }
            let start = ContinuousClock.now
            #expect(await talk.failure(MCPConnection(era: .modern)) == "timed_out")
            #expect(ContinuousClock.now - start < .seconds(10))
        }
    }

    @Test func progressForEverEndsAtTheHardLimit() async throws {
        var behaviour = FakeMCPBehaviour(era: .modern, streams: true)
        behaviour.neverAnswers = true
        try await with(behaviour) { talk in
            var talk = talk
            talk.server.longest = .seconds(1)
            let start = ContinuousClock.now
            #expect(await talk.failure(MCPConnection(era: .modern)) == "timed_out")
            #expect(ContinuousClock.now - start < .seconds(8))
        }
    }

    @Test func answersAreBounded() async throws {
        for streams in [false, true] {
            try await with(FakeMCPBehaviour(era: .modern, streams: streams)) { talk in
                talk.double.behave { $0.outcome = .huge(3 << 20) }
                #expect(await talk.failure(MCPConnection(era: .modern)) == "too_large")
                talk.double.behave { $0.outcome = .huge(500_000) }
                #expect(await talk.failure(MCPConnection(era: .modern)) == nil)
            }
        }
    }

    @Test func serversThatAreNoneAreNamed() async throws {
        try await with { talk in
            talk.double.behave { $0.redirects = true }
            #expect(await talk.failure() == "redirected" && talk.double.redirectsFollowed == 0)
            talk.double.behave {
                $0.redirects = false
                $0.mediaType = "text/html"
            }
            #expect(await talk.failure() == "malformed")
            talk.double.behave {
                $0.mediaType = nil
                $0.era = .old
            }
            #expect(await talk.failure() == "unsupported")
        }
    }

    @Test func theSecretGoesToItsServerAndAWrongOneIsNamed() async throws {
        var behaviour = FakeMCPBehaviour()
        behaviour.secret = ("X-Api-Key", "only-for-tests")
        try await with(behaviour) { talk in
            #expect(await talk.failure() == "unauthorized")
            var talk = talk
            talk.server.credentials = [("X-Api-Key", "only-for-tests")]
            #expect(await talk.failure() == nil)
        }
    }
}

extension MCPResult {
    static func text(_ text: String) throws -> MCPResult {
        try MCPResult(["content": [["type": "text", "text": .string(text)]]])
    }
}
