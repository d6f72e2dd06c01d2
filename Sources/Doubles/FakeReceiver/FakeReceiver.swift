public import Hummingbird
public import JSON
import NIOCore
import Synchronization

/// A company's program that takes webhooks, or refuses them as asked, and remembers what it was sent. Its address ends in
/// `/hook`.
public final class FakeReceiver: LoopbackDouble {
    /// A request as it came.
    public struct Received: Sendable {
        /// The headers, names in lower case.
        public let headers: [String: String]
        /// The body as it came.
        public let bytes: [UInt8]
        /// What it was answered.
        public let status: Int

        /// The body.
        public var body: JSONValue { (try? JSONValue.parse(bytes)) ?? .null }
        /// What happened.
        public var type: String { body["type"]?.stringValue ?? "" }
        /// The event's id.
        public var id: String { headers["webhook-id"] ?? "" }
    }

    private struct State {
        var received: [Received] = []
        var answer: @Sendable (JSONValue, Int) -> Int
    }

    /// The most requests that are remembered.
    static let maximumRecorded = 10_000

    /// `webhooks`.
    public let name = "webhooks"
    private let state: Mutex<State>

    /// A program that answers with a status, by what it is sent and how often it was sent that before.
    public init(_ answer: @escaping @Sendable (JSONValue, Int) -> Int = { _, _ in 200 }) {
        state = Mutex(State(answer: answer))
    }

    /// Where it is, when it is served at `address`.
    public static func endpoint(_ address: String) -> String { "\(address)/hook" }

    /// Answers otherwise from now on.
    public func behave(_ answer: @escaping @Sendable (JSONValue, Int) -> Int) { state.withLock { $0.answer = answer } }

    /// What came, in order.
    public var received: [Received] { state.withLock { $0.received } }

    /// What it took, in order.
    public var taken: [Received] { received.filter { (200..<300).contains($0.status) } }

    /// `POST /hook`.
    public func serve(_ router: Router<BasicRequestContext>) {
        router.post("hook") { request, _ in
            let bytes = Array(try await request.body.collect(upTo: 8 << 20).readableBytesView)
            let headers = Dictionary(request.headers.map { ($0.name.rawName.lowercased(), $0.value) }) { $1 }
            let status = self.take(bytes, headers)
            let location: HTTPFields = (300..<400).contains(status) ? [.location: "/elsewhere"] : [:]
            return Response(status: .init(code: status), headers: location)
        }
    }

    private func take(_ bytes: [UInt8], _ headers: [String: String]) -> Int {
        state.withLock { state in
            let body = (try? JSONValue.parse(bytes)) ?? .null
            let before = state.received.count { $0.id == headers["webhook-id"] }
            let status = state.answer(body, before)
            if state.received.count < Self.maximumRecorded {
                state.received.append(Received(headers: headers, bytes: bytes, status: status))
            }
            return status
        }
    }

    /// Lets a server reach it.
    public func environment(_ address: String) -> [(name: String, value: String)] {
        [("EGRESS_ALLOW", "127.0.0.1:*")]
    }
}
