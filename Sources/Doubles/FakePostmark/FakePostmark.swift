import Foundation
import HTTPTypes
public import Hummingbird
public import JSON
import NIOCore
import Synchronization

/// Postmark as far as Switchboard uses it: takes e-mails, well or badly as asked, and tells of those that come in.
public final class FakePostmark: LoopbackDouble {
    /// An e-mail that was taken.
    public struct Sent: Sendable, Hashable {
        /// The id that it got here.
        public var id: String
        /// Sender, recipient, where answers go.
        public var from: String, to: String, replyTo: String?
        /// The subject.
        public var subject: String
        /// The text.
        public var text: String
        /// Names and values of its own headers, in order.
        public var headers: [[String]]

        /// The value of a header.
        public func header(_ name: String) -> String? { headers.first { $0[0].lowercased() == name.lowercased() }?[1] }
        /// Its `Message-ID` with angle brackets.
        public var messageId: String { header("Message-ID") ?? "" }
    }

    /// How one send is answered.
    public enum Behaviour: Sendable, Hashable {
        /// Taken.
        case take
        /// Refused with a code of Postmark's and an HTTP status.
        case refuse(Int, status: Int = 422)
        /// An HTTP status without a body that says more.
        case status(Int)
        /// Taken, and the answer is lost on its way.
        case lose
    }

    struct State {
        var sent: [Sent] = []
        var attempts = 0
        var next: [Behaviour] = []
        var token: String
        var number = 0
    }

    /// `postmark`.
    public let name = "postmark"
    /// What inbound webhooks bring along.
    public let inboundSecret = "double-inbound-secret"
    /// The company's address.
    public let address: String
    private let state: Mutex<State>

    /// A server at Postmark.
    public init(address: String = "help@acme.example", token: String = "double-server-token") {
        self.address = address
        state = Mutex(State(token: token))
    }

    /// The setting by which a server uses it.
    public func environment(_ address: String) -> [(name: String, value: String)] { [("POSTMARK_URL", address)] }

    /// The body of a channel at Switchboard that fits.
    public var channel: JSONObject {
        [
            "kind": "email", "name": "Acme", "address": .string(address), "replyAddress": "reply@in.acme.example",
            "secrets": [
                "serverToken": .string(state.withLock { $0.token }), "inboundSecret": .string(inboundSecret),
            ],
        ]
    }

    /// What was taken, in order.
    public var sent: [Sent] { state.withLock { $0.sent } }
    /// How often somebody tried to send.
    public var attempts: Int { state.withLock { $0.attempts } }
    /// The next sends are answered like this.
    public func answerNext(_ behaviours: Behaviour...) { state.withLock { $0.next += behaviours } }

    /// Adds its routes.
    public func serve(_ router: Router<BasicRequestContext>) {
        router.post("email") { request, _ in
            let bytes = Array(try await request.body.collect(upTo: 1 << 20).readableBytesView)
            let body = (try? JSONValue.parse(bytes)) ?? .null
            let token = HTTPField.Name("X-Postmark-Server-Token").flatMap { request.headers[$0] }
            let (behaviour, right) = self.state.withLock { state -> (Behaviour, String) in
                state.attempts += 1
                return (state.next.isEmpty ? .take : state.next.removeFirst(), state.token)
            }
            guard token == right else { return Self.json(.unauthorized, ["ErrorCode": 10, "Message": "No Account"]) }
            switch behaviour {
            case .take: return self.taken(body)
            case .refuse(let code, let status):
                return Self.json(.init(code: status), ["ErrorCode": .integer(Int64(code)), "Message": "a sentence"])
            case .status(let status): return Response(status: .init(code: status))
            case .lose:
                _ = self.taken(body)
                return Response(status: .ok, body: ResponseBody { _ in throw Lost() })
            }
        }
    }

    private struct Lost: Error {}

    private func taken(_ body: JSONValue) -> Response {
        let headers = (body["Headers"]?.arrayValue ?? []).map {
            [$0["Name"]?.stringValue ?? "", $0["Value"]?.stringValue ?? ""]
        }
        let id = state.withLock { state in
            state.number += 1
            let id = "pm-\(state.number)"
            state.sent.append(
                Sent(
                    id: id, from: body["From"]?.stringValue ?? "", to: body["To"]?.stringValue ?? "",
                    replyTo: body["ReplyTo"]?.stringValue, subject: body["Subject"]?.stringValue ?? "",
                    text: body["TextBody"]?.stringValue ?? "", headers: headers))
            return id
        }
        return Self.json(.ok, ["ErrorCode": 0, "Message": "OK", "MessageID": .string(id)])
    }

    private static func json(_ status: HTTPResponse.Status, _ value: JSONObject) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: value.encoded)))
    }
}
