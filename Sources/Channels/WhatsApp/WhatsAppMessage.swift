import Foundation
import JSON
import Tenancy

/// A customer's message of WhatsApp as its webhook tells it.
struct WhatsAppMessage {
    private let message: JSONObject
    private let contact: JSONValue
    private let receivedAt: Date

    init(_ payload: JSONObject, receivedAt: Date) {
        message = payload["message"]?.objectValue ?? [:]
        contact = payload["contact"] ?? .null
        self.receivedAt = receivedAt
    }

    private var type: String { message["type"]?.stringValue ?? "" }

    /// The message; nil for what says nothing to anybody: reactions, news about the number, what names nobody.
    var inbound: InboundMessage? {
        guard let id = message["id"]?.stringValue, let author = author, let body = body else { return nil }
        var inbound = InboundMessage(id: ProviderId.bounded(id), author: author, content: body.text)
        inbound.startsTurn = body.startsTurn
        inbound.extraBurst = body.isMedia ? 2_000 : 0
        inbound.details = body.details
        inbound.details["kind"] = "whatsapp"
        inbound.details["id"] = .string(inbound.id)
        inbound.details["type"] = .string(String(type.prefix(40)))
        inbound.details["sentAt"] = .string(Timestamp.string(author.seenAt))
        let context = message["context"]
        inbound.answered = context?["id"]?.stringValue.map(ProviderId.bounded)
        if context?["forwarded"]?.boolValue == true || context?["frequently_forwarded"]?.boolValue == true {
            inbound.details["forwarded"] = true
        }
        if let product = context?["referred_product"] {
            inbound.productSKU = InboundMessage.line(product["product_retailer_id"], 100)
            var referred = JSONObject()
            referred["catalogId"] = InboundMessage.line(product["catalog_id"], 100).map { .string($0) }
            referred["retailerId"] = inbound.productSKU.map { .string($0) }
            inbound.details["referredProduct"] = .object(referred)
        }
        return inbound
    }

    private var author: ContactSighting? {
        let number = [message["from"], contact["wa_id"]].lazy.compactMap { $0?.stringValue }.first(where: Self.isNumber)
        let ids = [message["from_user_id"], contact["user_id"]].lazy.compactMap { $0?.stringValue }
        let parent = [message["from_parent_user_id"], contact["parent_user_id"]].lazy.compactMap { $0?.stringValue }
        let sighting = ContactSighting(
            waId: number, businessId: ids.first(where: BusinessScopedId.isOne),
            parentBusinessId: parent.first(where: BusinessScopedId.isOne),
            name: InboundMessage.line(contact["profile"]?["name"]), seenAt: sentAt)
        return sighting.waId == nil && sighting.businessId == nil ? nil : sighting
    }

    static func isNumber(_ text: String) -> Bool {
        (1...20).contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// When it was written, as far as that can be true.
    private var sentAt: Date {
        let text = message["timestamp"]
        let seconds = text?.stringValue.flatMap { Int64($0) } ?? text?.integerValue
        let date = seconds.map { Date(timeIntervalSince1970: Double($0)) } ?? receivedAt
        return min(max(date, receivedAt.addingTimeInterval(-30 * 86_400)), receivedAt)
    }

    /// A news that somebody's number changed: the old one and the new.
    var changedNumber: (old: String, new: String, at: Date)? {
        guard type == "system", let system = message["system"],
            let old = message["from"]?.stringValue ?? system["customer"]?.stringValue, Self.isNumber(old),
            let new = system["wa_id"]?.stringValue ?? system["new_wa_id"]?.stringValue, Self.isNumber(new)
        else { return nil }
        return (old, new, sentAt)
    }

    // MARK: Bodies

    private struct Body {
        var text: String
        var details: JSONObject = [:]
        var startsTurn = true
        var isMedia = false
    }

    private var body: Body? {
        let part = message[type]
        switch type {
        case "text": return words(part?["body"]).map { Body(text: $0) }
        case "button":
            return words(part?["text"]).map {
                Body(text: $0, details: reply(id: part?["payload"], title: part?["text"]))
            }
        case "interactive":
            let chosen = part?["button_reply"] ?? part?["list_reply"]
            return words(chosen?["title"]).map {
                Body(text: $0, details: reply(id: chosen?["id"], title: chosen?["title"]))
            } ?? unsupported
        case "image", "video", "audio", "document", "sticker": return media(part)
        case "location": return location(part)
        case "contacts": return people(part)
        case "order": return order(part)
        case "reaction", "system": return nil
        default: return unsupported
        }
    }

    private func words(_ value: JSONValue?) -> String? {
        guard let text = value?.stringValue, text.contains(where: { !$0.isWhitespace }) else { return nil }
        return InboundMessage.bounded(text)
    }

    private func reply(id: JSONValue?, title: JSONValue?) -> JSONObject {
        var reply = JSONObject()
        reply["id"] = InboundMessage.line(id, 256).map { .string($0) }
        reply["title"] = InboundMessage.line(title, 100).map { .string($0) }
        return ["reply": .object(reply)]
    }

    /// Said to people, not to agents.
    private var unsupported: Body {
        Body(text: "[A message of a kind that is not supported here]", startsTurn: false)
    }

    private func media(_ part: JSONValue?) -> Body {
        var media: JSONObject = ["type": .string(type)]
        for (name, key) in [("id", "id"), ("mimeType", "mime_type"), ("sha256", "sha256"), ("filename", "filename")] {
            media[name] = InboundMessage.line(part?[key], 255).map { .string($0) }
        }
        if part?["voice"]?.boolValue == true { media["voice"] = true }
        let name = media["filename"]?.stringValue
        let label = media["voice"] == true ? "voice message" : type
        let what = name.map { "[\(label): \($0)]" } ?? "[\(label)]"
        let caption = words(part?["caption"])
        return Body(
            text: caption.map { "\(what)\n\($0)" } ?? what, details: ["media": .object(media)], isMedia: true)
    }

    private func location(_ part: JSONValue?) -> Body {
        var place = JSONObject()
        for name in ["latitude", "longitude"] { place[name] = part?[name]?.numberValue.map { .number($0) } }
        for name in ["name", "address"] { place[name] = InboundMessage.line(part?[name]).map { .string($0) } }
        let words = [place["name"]?.stringValue, place["address"]?.stringValue].compactMap(\.self)
        let point = place["latitude"].flatMap { latitude in
            place["longitude"].map { "\(latitude.encodedString), \($0.encodedString)" }
        }
        let all = words + [point].compactMap(\.self)
        return Body(
            text: "[location]" + (all.isEmpty ? "" : " ") + all.joined(separator: ", "),
            details: ["location": .object(place)])
    }

    private func people(_ part: JSONValue?) -> Body {
        let names = (part?.arrayValue ?? []).prefix(10).compactMap {
            InboundMessage.line($0["name"]?["formatted_name"], 100)
        }
        return Body(text: "[contact] \(names.joined(separator: ", "))".trimmingCharacters(in: .whitespaces))
    }

    private func order(_ part: JSONValue?) -> Body {
        let items = (part?["product_items"]?.arrayValue ?? []).prefix(50).map { item -> JSONValue in
            var entry = JSONObject()
            entry["retailerId"] = InboundMessage.line(item["product_retailer_id"], 100).map { .string($0) }
            entry["quantity"] = item["quantity"]?.integerValue.map { .integer($0) }
            return .object(entry)
        }
        let lines = items.map { item in
            "\(item["quantity"]?.integerValue ?? 1) × \(item["retailerId"]?.stringValue ?? "?")"
        }
        let note = words(part?["text"]).map { "\n\($0)" } ?? ""
        return Body(
            text: "[order] \(lines.joined(separator: ", "))\(note)", details: ["order": .array(Array(items))])
    }
}
