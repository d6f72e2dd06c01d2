public import Hummingbird
public import JSON
import NIOCore
import Synchronization

/// An MCP server on loopback that speaks both generations of the protocol, well or badly as asked, and remembers what it
/// was sent. Its endpoint is `/mcp`.
public final class FakeMCP: LoopbackDouble {
    /// `mcp`.
    public let name = "mcp"

    struct State {
        var behaviour: FakeMCPBehaviour
        var tools: [FakeMCPTool]
        var sessions: Set<String> = []
        var sessionCount = 0
        var received: [FakeMCPRequest] = []
        var redirected = 0
        var isHolding = false
        var gates: [FakeLLM.Gate] = []
    }

    let state: Mutex<State>

    /// A server with these tools.
    public init(_ behaviour: FakeMCPBehaviour = FakeMCPBehaviour(), tools: [FakeMCPTool] = FakeMCPTool.standard) {
        state = Mutex(State(behaviour: behaviour, tools: tools))
    }

    /// Where it is, when it is served at `address`.
    public static func endpoint(_ address: String) -> String { "\(address)/mcp" }

    /// Adds its routes.
    public func serve(_ router: Router<BasicRequestContext>) {
        router.post("mcp") { request, _ in try await self.answer(request) }
        serveHeld(router)
        router.get("mcp") { _, _ in Response(status: .methodNotAllowed) }
        router.delete("mcp") { _, _ in Response(status: .methodNotAllowed) }
        for method in [HTTPRequest.Method.get, .post] {
            router.on("elsewhere", method: method) { _, _ in
                self.state.withLock { $0.redirected += 1 }
                return Response(status: .ok)
            }
        }
    }

    /// Lets a server reach it.
    public func environment(_ address: String) -> [(name: String, value: String)] {
        [("EGRESS_ALLOW", "127.0.0.1:*")]
    }

    /// Behaves otherwise from now on.
    public func behave(_ change: (inout FakeMCPBehaviour) -> Void) { state.withLock { change(&$0.behaviour) } }

    /// Offers other tools from now on.
    public func offer(_ change: (inout [FakeMCPTool]) -> Void) { state.withLock { change(&$0.tools) } }

    /// Forgets all sessions, as a restarted server does.
    public func loseSessions() { state.withLock { $0.sessions = [] } }

    /// What arrived, in order.
    public var received: [FakeMCPRequest] { state.withLock { $0.received } }

    /// How often a redirect of its was followed.
    public var redirectsFollowed: Int { state.withLock { $0.redirected } }

    /// How often a method was called.
    public func count(_ method: String) -> Int { received.count { $0.method == method } }

    private func answer(_ request: Request) async throws -> Response {
        let bytes = Array(try await request.body.collect(upTo: 1 << 20).readableBytesView)
        let message = (try? JSONValue.parse(bytes)) ?? .null
        let headers = Dictionary(request.headers.map { ($0.name.rawName.lowercased(), $0.value) }) { first, _ in first }
        let incoming = FakeMCPRequest(message: message, headers: headers)
        let behaviour = state.withLock { state in
            state.received.append(incoming)
            return state.behaviour
        }
        if behaviour.redirects { return Response(status: .temporaryRedirect, headers: [.location: "/elsewhere"]) }
        if let secret = behaviour.secret, headers[secret.name.lowercased()] != secret.value {
            return Response(status: .unauthorized, headers: [.wwwAuthenticate: "Bearer"])
        }
        let reply = state.withLock { FakeMCPProtocol.reply(to: incoming, &$0) }
        if incoming.method == "tools/call" { await waitWhileHeld() }
        if incoming.method == "tools/call", behaviour.delay > .zero { try await Task.sleep(for: behaviour.delay) }
        return FakeMCPWire.response(reply, to: incoming, behaviour)
    }
}

/// A message that the double received.
public struct FakeMCPRequest: Sendable {
    /// The whole message.
    public let message: JSONValue
    /// The header fields, names in lower case.
    public let headers: [String: String]

    /// `tools/call`; empty for an answer of the client's.
    public var method: String { message["method"]?.stringValue ?? "" }
    /// The parameters.
    public var params: JSONObject { message["params"]?.objectValue ?? [:] }
    /// The tool that is called.
    public var tool: String { params["name"]?.stringValue ?? "" }
}
