import Foundation
import Hummingbird
import JSON
import NIOCore
import Synchronization

/// An OpenAI-compatible server that answers by a script.
///
/// ```swift
/// let llm = FakeLLM(.reply("It costs €89."), quirks: [])
/// try await withDouble(llm) { running in … running.address + "/v1" … }
/// try llm.assertConsumed()
/// ```
/// A request takes the first unused step that matches it; one that matches none is answered 500 and counted as a fault.
public final class FakeLLM: LoopbackDouble {
    /// A request as it came.
    public struct Recorded: Sendable {
        /// The path.
        public let path: String
        /// The headers, names in lower case.
        public let headers: [String: String]
        /// The body.
        public let body: JSONValue
        /// When it was there.
        public let time: ContinuousClock.Instant

        /// The messages.
        public var messages: [JSONValue] { body["messages"]?.arrayValue ?? [] }
        /// The names of the tools on offer.
        public var tools: [String] {
            (body["tools"]?.arrayValue ?? []).compactMap { $0["function"]?["name"]?.stringValue }
        }
        /// What the last message of a person says.
        public var lastUser: String {
            messages.last { $0["role"]?.stringValue == "user" }?["content"]?.stringValue ?? ""
        }
        /// The results of tools, oldest first.
        public var toolResults: [String] {
            messages.filter { $0["role"]?.stringValue == "tool" }.compactMap { $0["content"]?.stringValue }
        }
    }

    /// What was not as the script says.
    public struct ScriptBroken: Error, CustomStringConvertible {
        /// What is wrong.
        public let description: String
    }

    private struct State {
        var steps: [Step]
        var requests: [Recorded] = []
        var faults: [String] = []
        var gates: [Gate] = []
    }

    /// `llm`.
    public let name = "llm"
    private let state: Mutex<State>
    private let quirks: Set<ServerQuirk>
    private let standard: Action?
    static let maximumRecorded = 10_000

    /// A server with a script.
    /// - Parameters:
    ///   - quirks: what it refuses.
    ///   - standard: what it answers when no step is left; nil counts that as a fault.
    public init(_ steps: Step..., quirks: Set<ServerQuirk> = [], otherwise standard: Action? = nil) {
        state = Mutex(State(steps: steps))
        self.quirks = quirks
        self.standard = standard
    }

    /// A server for work by hand: it repeats what was said to it, slowly.
    public static func talkative() -> FakeLLM { FakeLLM(otherwise: .echo) }

    /// Adds steps to the script.
    public func then(_ steps: Step...) { state.withLock { $0.steps += steps } }

    /// The requests so far.
    public var requests: [Recorded] { state.withLock { $0.requests } }

    /// Throws unless every step was used and every request had one.
    public func assertConsumed() throws(ScriptBroken) {
        let (left, faults) = state.withLock { ($0.steps.map(\.description), $0.faults) }
        if let fault = faults.first {
            throw ScriptBroken(description: "\(faults.count) requests had no step: \(fault)")
        }
        if !left.isEmpty { throw ScriptBroken(description: "steps left: " + left.joined(separator: "; ")) }
    }

    /// Keeps a gate; its number, or nil when there are too many.
    func hold(_ gate: Gate) -> Int? {
        state.withLock { state in
            guard state.gates.count < Self.maximumHeld else { return nil }
            state.gates.append(gate)
            return state.gates.count - 1
        }
    }

    func gate(_ number: Int) -> Gate? {
        state.withLock { $0.gates.indices.contains(number) ? $0.gates[number] : nil }
    }

    /// `POST /v1/chat/completions`, `GET /v1/models`, and steps from another process.
    public func serve(_ router: Router<BasicRequestContext>) {
        router.post("v1/chat/completions") { request, _ in try await self.answer(request) }
        serveHeld(router)
        router.get("v1/models") { _, _ in
            FakeLLM.json(["object": "list", "data": [["id": "fake", "object": "model"]]])
        }
    }

    /// `OPENAI_BASE_URL`, `OPENAI_MODEL` and a key that opens nothing.
    public func environment(_ address: String) -> [(name: String, value: String)] {
        [("OPENAI_BASE_URL", address + "/v1"), ("OPENAI_MODEL", "fake"), ("OPENAI_API_KEY", "none")]
    }

    private func answer(_ request: Request) async throws -> Response {
        let bytes = try await request.body.collect(upTo: 8 << 20)
        let body = (try? JSONValue.parse(Array(bytes.readableBytesView))) ?? .null
        let recorded = Recorded(
            path: request.uri.path,
            headers: Dictionary(
                request.headers.map { ($0.name.rawName.lowercased(), $0.value) }, uniquingKeysWith: { $1 }),
            body: body, time: .now)
        let refusal = quirks.lazy.compactMap { $0.refusal(of: body) }.first
        let action = state.withLock { state -> Action in
            if state.requests.count < Self.maximumRecorded { state.requests.append(recorded) }
            if let refusal { return refusal }
            if let place = state.steps.firstIndex(where: { $0.match.accepts(recorded) }) {
                let action = state.steps[place].action
                state.steps[place].times -= 1
                if state.steps[place].times == 0 { state.steps.remove(at: place) }
                return action
            }
            if let standard { return standard }
            state.faults.append(String(recorded.lastUser.prefix(200)))
            return .status(500, code: "unscripted")
        }
        return try await FakeLLMAnswer(action: action, request: recorded).response()
    }

    static func json(_ value: JSONValue, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: value.encoded)))
    }
}
