import Hummingbird
import JSON
import NIOCore
import Synchronization

extension FakeMCP {
    /// Lets calls of tools wait from now on, so that a test can look at what is running for as long as it needs.
    public func hold() { state.withLock { $0.isHolding = true } }

    /// Lets the calls that wait go on, and holds no further ones.
    public func release() {
        let gates = state.withLock { state in
            defer { state.gates = [] }
            state.isHolding = false
            return state.gates
        }
        for gate in gates { gate.open() }
    }

    /// The same for another process: `POST /double/mcp/hold` and `POST /double/mcp/release`. `POST /double/mcp/offer` with
    /// `{name, description}` describes a tool otherwise.
    func serveHeld(_ router: Router<BasicRequestContext>) {
        router.post("double/mcp/hold") { _, _ in
            self.hold()
            return FakeLLM.json([:])
        }
        router.post("double/mcp/release") { _, _ in
            self.release()
            return FakeLLM.json([:])
        }
        router.post("double/mcp/offer") { request, _ in
            let bytes = try await request.body.collect(upTo: 1 << 16)
            let body = try JSONValue.parse(Array(bytes.readableBytesView))
            self.offer { tools in
                for place in tools.indices where .string(tools[place].name) == body["name"] {
                    tools[place].description = body["description"]?.stringValue ?? ""
                }
            }
            return FakeLLM.json([:])
        }
    }

    func waitWhileHeld() async {
        let gate: FakeLLM.Gate? = state.withLock { state in
            guard state.isHolding, state.gates.count < FakeLLM.maximumHeld else { return nil }
            let gate = FakeLLM.Gate()
            state.gates.append(gate)
            return gate
        }
        guard let gate else { return }
        for await _ in gate.signals { return }
    }
}
