import Crypto
public import Foundation
public import JSON

/// A webhook as Meta sends it.
public struct FakeMetaWebhook: Sendable, Hashable {
    /// The body.
    public var bytes: [UInt8]
    /// `X-Hub-Signature-256`.
    public var signature: String

    /// A body signed with a secret.
    public init(_ bytes: [UInt8], secret: String) {
        self.bytes = bytes
        let code = HMAC<SHA256>.authenticationCode(
            for: bytes, using: SymmetricKey(data: Array(secret.utf8)))
        signature = "sha256=" + code.hex
    }
}

/// One thing that a webhook tells.
public struct FakeMetaEvent: Sendable {
    /// `messages`, `statuses` or `user_id_update`.
    let list: String
    var value: JSONObject
    var contact: JSONObject?

    /// A person's words.
    /// - Parameters:
    ///   - from: their number; nil for one who hides it.
    ///   - userId: their business-scoped id.
    public static func text(
        _ body: String, from: String?, userId: String? = nil, id: String = newId(), name: String = "Carla",
        at date: Date = Date(), answering: String? = nil
    ) -> FakeMetaEvent {
        message("text", ["body": .string(body)], from: from, userId: userId, id: id, name: name, at: date, answering)
    }

    /// A message of any type.
    public static func message(
        _ type: String, _ body: JSONValue, from: String?, userId: String? = nil, id: String = newId(),
        name: String = "Carla", at date: Date = Date(), _ answering: String? = nil
    ) -> FakeMetaEvent {
        var value: JSONObject = [
            "id": .string(id), "timestamp": .string(String(Int64(date.timeIntervalSince1970))), "type": .string(type),
            type: body,
        ]
        var contact: JSONObject = ["profile": ["name": .string(name)]]
        if let from {
            value["from"] = .string(from)
            contact["wa_id"] = .string(from)
        }
        if let userId {
            value["from_user_id"] = .string(userId)
            contact["user_id"] = .string(userId)
        }
        if let answering { value["context"] = ["id": .string(answering)] }
        return FakeMetaEvent(list: "messages", value: value, contact: contact)
    }

    /// Word of a message.
    public static func status(
        _ word: String, of id: String, opaque: String? = nil, error: Int? = nil, at date: Date = Date()
    ) -> FakeMetaEvent {
        var value: JSONObject = [
            "id": .string(id), "status": .string(word),
            "timestamp": .string(String(Int64(date.timeIntervalSince1970))), "recipient_id": "4915110",
        ]
        if let opaque { value["biz_opaque_callback_data"] = .string(opaque) }
        if let error { value["errors"] = [["code": .integer(Int64(error)), "title": "a title"]] }
        return FakeMetaEvent(list: "statuses", value: value)
    }

    /// Somebody's business-scoped id is another one from now on.
    public static func userId(_ previous: String, becomes current: String) -> FakeMetaEvent {
        FakeMetaEvent(
            list: "user_id_update",
            value: ["user_id": ["previous": .string(previous), "current": .string(current)]])
    }

    /// This message with more in its `context`.
    public func with(context: JSONObject) -> FakeMetaEvent {
        var event = self
        event.value["context"] = .object((value["context"]?.objectValue ?? [:]).merged(with: context))
        return event
    }

    /// An id that no message had.
    public static func newId() -> String { "wamid.\(UUID().uuidString)" }
}

extension FakeMeta {
    /// The envelope that tells these events of this number, or of another.
    public func envelope(_ events: [FakeMetaEvent], number: String? = nil) -> JSONObject {
        var value: JSONObject = [
            "messaging_product": "whatsapp",
            "metadata": [
                "display_phone_number": "15550783881", "phone_number_id": .string(number ?? phoneNumberId),
            ],
        ]
        let contacts = events.compactMap(\.contact)
        if !contacts.isEmpty { value["contacts"] = .array(contacts.map { .object($0) }) }
        for list in ["messages", "statuses", "user_id_update"] {
            let told = events.filter { $0.list == list }.map { JSONValue.object($0.value) }
            if !told.isEmpty { value[list] = .array(told) }
        }
        return [
            "object": "whatsapp_business_account",
            "entry": [["id": "102290129340398", "changes": [["field": "messages", "value": .object(value)]]]],
        ]
    }

    /// A signed webhook with these events.
    public func webhook(_ events: [FakeMetaEvent], number: String? = nil) -> FakeMetaWebhook {
        FakeMetaWebhook(envelope(events, number: number).encoded, secret: appSecret)
    }
}
