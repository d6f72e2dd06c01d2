import Crypto
import Foundation
import JSON
public import Tenancy

/// A verified webhook of WhatsApp, taken apart into events. Whatever it holds is somebody else's: nothing in it chooses a
/// company, and what cannot be understood is left out.
public struct WhatsAppEnvelope: Sendable {
    /// The most bytes of a webhook.
    public static let maximumBytes = 3 << 20
    /// The most events of one webhook that are kept.
    static let maximumEvents = 2_000
    /// The most bytes of one event.
    static let maximumEventBytes = 256 << 10

    /// What is to be kept.
    public private(set) var events: [ChannelEvent.Draft] = []
    /// Parts that were for another number or not to be understood.
    public private(set) var ignored = 0

    /// Takes a body apart.
    /// - Parameter phoneNumberId: the channel's; what is told of another number is ignored.
    public init(_ body: [UInt8], phoneNumberId: String) {
        guard let value = JSONValue.ofProvider(body), value["object"]?.stringValue == "whatsapp_business_account" else {
            ignored = 1
            return
        }
        for entry in value["entry"]?.arrayValue ?? [] {
            for change in entry["changes"]?.arrayValue ?? [] {
                guard let value = change["value"]?.objectValue,
                    value["metadata"]?["phone_number_id"]?.stringValue == phoneNumberId
                else {
                    ignored += 1
                    continue
                }
                read(value)
            }
        }
    }

    private mutating func read(_ value: JSONObject) {
        let contacts = value["contacts"]?.arrayValue ?? []
        for message in value["messages"]?.arrayValue ?? [] { read(message: message, contacts) }
        for status in value["statuses"]?.arrayValue ?? [] {
            guard let id = status["id"]?.stringValue, !id.isEmpty, let word = status["status"]?.stringValue else {
                ignored += 1
                continue
            }
            let name = ProviderId.bounded(id)
            add(
                ChannelEvent.Draft(
                    kind: .status, key: "s:\(name):\(word.prefix(20)):\(Self.text(status["timestamp"]).prefix(20))",
                    lane: "s:\(name)", payload: ["status": status]))
        }
        for name in ["user_id_update", "user_id_updates"] {
            let found = value[name]
            for update in found?.arrayValue ?? (found?.objectValue).map({ [.object($0)] }) ?? [] {
                read(update: update, found)
            }
        }
    }

    private mutating func read(message: JSONValue, _ contacts: [JSONValue]) {
        guard let id = message["id"]?.stringValue, !id.isEmpty else {
            ignored += 1
            return
        }
        let names = [message["from_user_id"], message["from"]].compactMap { $0?.stringValue }
        let contact =
            contacts.first { contact in
                [contact["user_id"], contact["wa_id"]].contains { name in
                    name?.stringValue.map { names.contains($0) } ?? false
                }
            } ?? (contacts.count == 1 ? contacts.first : nil)
        var payload: JSONObject = ["message": message]
        payload["contact"] = contact
        if payload.encoded.count > Self.maximumEventBytes {
            // Who wrote and when is enough to say that something came.
            var short: JSONObject = ["type": "unsupported"]
            for name in ["id", "from", "from_user_id", "timestamp"] {
                short[name] = message[name]?.stringValue.map { .string(String($0.prefix(300))) }
            }
            payload = ["message": .object(short)]
        }
        let author = names.first ?? contact?["user_id"]?.stringValue ?? contact?["wa_id"]?.stringValue ?? ""
        add(
            ChannelEvent.Draft(
                kind: .message, key: "m:\(ProviderId.bounded(id))", lane: "c:\(author.prefix(200))", payload: payload))
    }

    private mutating func read(update: JSONValue, _ whole: JSONValue?) {
        guard let previous = update["user_id"]?["previous"]?.stringValue ?? update["previous"]?.stringValue,
            let current = update["user_id"]?["current"]?.stringValue ?? update["current"]?.stringValue,
            BusinessScopedId.isOne(previous), BusinessScopedId.isOne(current)
        else {
            ignored += 1
            return
        }
        add(
            ChannelEvent.Draft(
                kind: .identity, key: "u:\(previous):\(current)", lane: "c:\(previous)",
                payload: ["previous": .string(previous), "current": .string(current)]))
    }

    private mutating func add(_ event: ChannelEvent.Draft) {
        guard events.count < Self.maximumEvents else {
            ignored += 1
            return
        }
        events.append(event)
    }

    private static func text(_ value: JSONValue?) -> String {
        value?.stringValue ?? value?.integerValue.map(String.init) ?? ""
    }
}

/// The ids of messages at providers, which are somebody else's text.
enum ProviderId {
    /// The most bytes of one that is used as it is.
    static let maximumBytes = 200

    /// The id, or its hash when it is long or has characters that no id has.
    static func bounded(_ id: String) -> String {
        if id.utf8.count <= maximumBytes, id.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) { return id }
        return "sha256:\(Array(SHA256.hash(data: Array(id.utf8))).hex)"
    }
}

/// The ids by which Meta tells a business about somebody without giving a number away.
enum BusinessScopedId {
    /// Two capital letters, a dot, perhaps `ENT.`, and up to 128 letters and digits.
    static func isOne(_ text: String) -> Bool {
        var parts = text.split(separator: ".", omittingEmptySubsequences: false)
        if parts.count == 3, parts[1] == "ENT" { parts.remove(at: 1) }
        guard parts.count == 2, parts[0].utf8.count == 2, parts[0].utf8.allSatisfy({ (0x41...0x5A).contains($0) })
        else {
            return false
        }
        return (1...128).contains(parts[1].utf8.count)
            && parts[1].utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
            }
    }
}
