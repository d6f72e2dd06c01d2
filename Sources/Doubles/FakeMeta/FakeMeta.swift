import Foundation
public import Hummingbird
public import JSON
import NIOCore
import Synchronization

/// WhatsApp's Cloud API as far as Switchboard uses it: takes messages, well or badly as asked, and signs webhooks.
///
/// ```swift
/// let meta = FakeMeta()
/// try await withDouble(meta) { running in … running.environment … }
/// let hook = meta.webhook([.text("hello", from: "4915110")])
/// ```
public final class FakeMeta: LoopbackDouble {
    /// A message that was taken.
    public struct Sent: Sendable, Hashable {
        /// The id that it got.
        public var id: String
        /// The phone number id it was sent by.
        public var number: String
        /// To which number.
        public var to: String?
        /// To which business-scoped id.
        public var recipient: String?
        /// `text` or `template`.
        public var type: String
        /// The text, or the template's name.
        public var text: String
        /// What goes back with word of it.
        public var opaque: String?
    }

    /// How one send is answered.
    public enum Behaviour: Sendable, Hashable {
        /// Taken.
        case take
        /// Refused with a code of Meta's and an HTTP status.
        case refuse(Int, status: Int = 400)
        /// An HTTP status without a body that says more.
        case status(Int)
        /// Taken, and the answer is lost on its way.
        case lose
        /// Never answered, nor taken.
        case hang
        /// Taken after a while.
        case delay(Duration)
    }

    struct State {
        var sent: [Sent] = []
        var attempts = 0
        var next: [Behaviour] = []
        var always = Behaviour.take
        var token: String
        var number = 0
    }

    /// `meta`.
    public let name = "meta"
    /// The app's secret, by which webhooks are signed.
    public let appSecret: String
    /// The id of the number.
    public let phoneNumberId: String
    let state: Mutex<State>

    /// A number at Meta.
    public init(
        phoneNumberId: String = "106540352242922", token: String = "double-token",
        appSecret: String = "double-app-secret"
    ) {
        self.phoneNumberId = phoneNumberId
        self.appSecret = appSecret
        state = Mutex(State(token: token))
    }

    /// The setting by which a server uses it.
    public func environment(_ address: String) -> [(name: String, value: String)] {
        [("WHATSAPP_GRAPH_URL", "\(address)/v24.0")]
    }

    /// The body of a channel at Switchboard that fits.
    public var channel: JSONObject {
        [
            "kind": "whatsapp", "name": "Support", "address": .string(phoneNumberId),
            "secrets": [
                "accessToken": .string(state.withLock { $0.token }), "appSecret": .string(appSecret),
                "verifyToken": "double-verify",
            ],
        ]
    }

    // MARK: What a test sets and sees

    /// What was taken, in order.
    public var sent: [Sent] { state.withLock { $0.sent } }
    /// How often somebody tried to send.
    public var attempts: Int { state.withLock { $0.attempts } }
    /// The next sends are answered like this.
    public func answerNext(_ behaviours: Behaviour...) { state.withLock { $0.next += behaviours } }
    /// All further sends are answered like this.
    public func answerAlways(_ behaviour: Behaviour) { state.withLock { $0.always = behaviour } }
    /// The access token is another one from now on.
    public func setToken(_ token: String) { state.withLock { $0.token = token } }

    // MARK: The wire

    /// Adds its routes.
    public func serve(_ router: Router<BasicRequestContext>) {
        router.post("v24.0/:number/messages") { request, context in
            try await self.take(request, context.parameters.get("number") ?? "")
        }
        router.get("sent") { _, _ in
            let list = self.sent.map { sent -> JSONValue in
                ["id": .string(sent.id), "to": .string(sent.to ?? sent.recipient ?? ""), "text": .string(sent.text)]
            }
            return Self.json(.ok, ["data": .array(list)])
        }
    }

    private func take(_ request: Request, _ number: String) async throws -> Response {
        let body =
            (try? JSONValue.parse(Array(try await request.body.collect(upTo: 1 << 20).readableBytesView))) ?? .null
        let (behaviour, token) = state.withLock { state -> (Behaviour, String) in
            state.attempts += 1
            return (state.next.isEmpty ? state.always : state.next.removeFirst(), state.token)
        }
        guard request.headers[.authorization] == "Bearer \(token)" else { return Self.refusal(190, 401) }
        switch behaviour {
        case .take: return taken(body, number)
        case .refuse(let code, let status): return Self.refusal(code, status)
        case .status(let status): return Response(status: .init(code: status))
        case .lose:
            _ = taken(body, number)
            return Response(
                status: .ok, headers: [.contentType: "application/json"], body: ResponseBody { _ in throw Lost() })
        case .hang:
            try await Task.sleep(for: .seconds(600))
            return Response(status: .serviceUnavailable)
        case .delay(let time):
            try await Task.sleep(for: time)
            return taken(body, number)
        }
    }

    private struct Lost: Error {}

    private func taken(_ body: JSONValue, _ number: String) -> Response {
        let text = body["text"]?["body"]?.stringValue ?? ""
        if text.utf16.count > 4_096 { return Self.refusal(131009, 400) }
        let type = body["type"]?.stringValue ?? ""
        let id = state.withLock { state in
            state.number += 1
            let id = "wamid.out.\(state.number)"
            state.sent.append(
                Sent(
                    id: id, number: number, to: body["to"]?.stringValue, recipient: body["recipient"]?.stringValue,
                    type: type, text: type == "template" ? body["template"]?["name"]?.stringValue ?? "" : text,
                    opaque: body["biz_opaque_callback_data"]?.stringValue))
            return id
        }
        return Self.json(.ok, ["messaging_product": "whatsapp", "messages": [["id": .string(id)]]])
    }

    private static func refusal(_ code: Int, _ status: Int) -> Response {
        json(
            .init(code: status),
            [
                "error": [
                    "code": .integer(Int64(code)), "message": .string("(#\(code)) a sentence of the double"),
                    "type": "OAuthException",
                ]
            ])
    }

    private static func json(_ status: HTTPResponse.Status, _ value: JSONObject) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: value.encoded)))
    }
}
