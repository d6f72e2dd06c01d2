import Hummingbird
import JSON
import NIOCore

extension FakeLLM {
    /// The most answers that can be held at once.
    static let maximumHeld = 1_000

    /// Holds an answer between its parts until it is released, so that a test can look at what is half written for as
    /// long as it needs.
    public struct Gate: Sendable {
        let signals: AsyncStream<Void>
        private let signal: AsyncStream<Void>.Continuation

        /// A closed one, for one answer.
        public init() { (signals, signal) = AsyncStream.makeStream() }

        /// Lets the answer's next part go out.
        public func open() { signal.yield() }
    }

    /// Adds steps that another process scripts: `POST /double/held` with `{when, parts}` answers `{id}`. A request whose
    /// last message of a person holds `when` gets the first part, and one more with each `POST /double/held/<id>/release`.
    /// With `tool` and `arguments` such a request is first answered by a call of that tool.
    func serveHeld(_ router: Router<BasicRequestContext>) {
        router.post("double/held") { request, _ in
            let bytes = try await request.body.collect(upTo: 1 << 20)
            let body = try JSONValue.parse(Array(bytes.readableBytesView))
            let parts = (body["parts"]?.arrayValue ?? []).compactMap(\.stringValue)
            guard let when = body["when"]?.stringValue, !parts.isEmpty else {
                throw HTTPError(.badRequest, message: "when is a text, parts are texts")
            }
            let gate = Gate()
            guard let id = self.hold(gate) else { throw HTTPError(.tooManyRequests) }
            if let tool = body["tool"]?.stringValue {
                let call = Call(tool, (body["arguments"] ?? [:]).encodedString)
                self.then(Step(.lastUser(when), .call([call], .standard)))
            }
            self.then(Step(.lastUser(when), .held(parts, gate)))
            return FakeLLM.json(["id": .integer(Int64(id))], status: .created)
        }
        router.post("double/held/:id/release") { _, context in
            guard let gate = self.gate(try context.parameters.require("id", as: Int.self)) else {
                throw HTTPError(.notFound)
            }
            gate.open()
            return FakeLLM.json([:])
        }
    }
}
