import Foundation
import HTTPTypes
import Hummingbird
import JSON
import NIOCore

extension FakeGoogle {
    /// Gmail: lists, messages, threads, drafts, sending.
    func serveMail(_ router: Router<BasicRequestContext>) {
        let me = "/gmail/v1/users/me"
        router.get("\(me)/messages") { [self] request, _ in
            if let refusal = refusal(request) { return refusal }
            let query = request.uri.queryParameters
            return list(
                "messages",
                state.withLock { $0.mails }.filter { Self.fits($0, query["q"].map(String.init) ?? "") }
                    .sorted { $0.date > $1.date }.map { ["id": .string($0.id), "threadId": .string($0.threadId)] },
                query["maxResults"].flatMap { Int($0) }, query["pageToken"].flatMap { Int($0) })
        }
        router.get("\(me)/messages/:id") { [self] request, context in
            if let refusal = refusal(request) { return refusal }
            let id = context.parameters.get("id")
            guard let mail = state.withLock({ $0.mails.first { $0.id == id } }) else {
                return Self.error(404, "notFound")
            }
            return Self.json(.ok, Self.message(mail, request.uri.queryParameters["format"] == "full"))
        }
        router.get("\(me)/threads/:id") { [self] request, context in
            if let refusal = refusal(request) { return refusal }
            let id = context.parameters.get("id")
            let mails = state.withLock { $0.mails.filter { $0.threadId == id } }.sorted { $0.date < $1.date }
            if mails.isEmpty { return Self.error(404, "notFound") }
            return Self.json(.ok, ["messages": .array(mails.map { .object(Self.message($0, true)) })])
        }
        router.get("\(me)/drafts") { [self] request, _ in
            if let refusal = refusal(request) { return refusal }
            let query = request.uri.queryParameters["q"].map(String.init) ?? ""
            return list(
                "drafts",
                state.withLock { $0.drafts }.filter { Self.fits($0.mail, query) }.map { ["id": .string($0.id)] },
                nil, nil)
        }
        router.post("\(me)/drafts") { [self] request, _ in
            if let refusal = refusal(request) { return refusal }
            let message = try await Self.body(request)["message"]
            guard let mail = Self.parse(message?["raw"]?.stringValue ?? "") else { return Self.error(400, "invalid") }
            return state.withLock { state in
                var mail = mail
                mail.id = state.next("m")
                mail.threadId = message?["threadId"]?.stringValue ?? "t\(mail.id)"
                let id = state.next("d")
                state.drafts.append((id, mail))
                return Self.json(
                    .ok,
                    ["id": .string(id), "message": ["id": .string(mail.id), "threadId": .string(mail.threadId)]])
            }
        }
        router.get("\(me)/drafts/:id") { [self] request, context in
            if let refusal = refusal(request) { return refusal }
            let id = context.parameters.get("id")
            guard let draft = state.withLock({ $0.drafts.first { $0.id == id } }) else {
                return Self.error(404, "notFound")
            }
            return Self.json(.ok, ["id": .string(draft.id), "message": .object(Self.message(draft.mail, true))])
        }
        router.post("\(me)/drafts/send") { [self] request, _ in
            if let refusal = refusal(request) { return refusal }
            let id = try await Self.body(request)["id"]?.stringValue
            return state.withLock { state in
                guard let place = state.drafts.firstIndex(where: { $0.id == id }) else {
                    return Self.error(404, "notFound")
                }
                var mail = state.drafts.remove(at: place).mail
                mail.id = state.next("m")
                mail.labels = ["SENT"]
                mail.date = Date()
                state.mails.append(mail)
                if state.losesNextSend {
                    state.losesNextSend = false
                    return Self.error(503, "backendError")
                }
                return Self.json(.ok, ["id": .string(mail.id), "threadId": .string(mail.threadId)])
            }
        }
    }

    private func list(_ name: String, _ entries: [JSONValue], _ limit: Int?, _ start: Int?) -> Response {
        let size = min(limit ?? 100, state.withLock { $0.pageSize })
        let start = start ?? 0
        var answer: JSONObject = [name: .array(Array(entries.dropFirst(start).prefix(size)))]
        if entries.count > start + size { answer["nextPageToken"] = .string(String(start + size)) }
        return Self.json(.ok, answer)
    }

    /// The part of Gmail's search that is used here.
    private static func fits(_ mail: Mail, _ query: String) -> Bool {
        query.lowercased().split(separator: " ").allSatisfy { term in
            let parts = term.split(separator: ":", maxSplits: 1).map { $0.filter { $0 != "\"" } }
            guard parts.count == 2 else {
                return "\(mail.header("Subject") ?? "") \(mail.text)".lowercased().contains(term)
            }
            switch parts[0] {
            case "rfc822msgid": return (mail.header("Message-ID") ?? "").lowercased().contains(parts[1])
            case "in": return mail.labels.contains(parts[1].uppercased())
            case "is": return parts[1] == "unread" ? mail.labels.contains("UNREAD") : true
            case "from": return (mail.header("From") ?? "").lowercased().contains(parts[1])
            default: return true
            }
        }
    }

    private static func message(_ mail: Mail, _ isFull: Bool) -> JSONObject {
        var payload: JSONObject = [
            "mimeType": .string(mail.type),
            "headers": .array(mail.headers.map { ["name": .string($0[0]), "value": .string($0[1])] }),
        ]
        if isFull { payload["body"] = ["data": .string(Data(mail.text.utf8).base64EncodedString())] }
        return [
            "id": .string(mail.id), "threadId": .string(mail.threadId), "payload": .object(payload),
            "labelIds": .array(mail.labels.map { .string($0) }), "snippet": .string(String(mail.text.prefix(60))),
            "internalDate": .string(String(Int64(mail.date.timeIntervalSince1970 * 1_000))),
        ]
    }

    /// Reads the raw message of a draft: headers, an empty line, the text in base64.
    private static func parse(_ raw: String) -> Mail? {
        var standard = raw.replacing("-", with: "+").replacing("_", with: "/")
        standard += String(repeating: "=", count: (4 - standard.utf8.count % 4) % 4)
        guard let data = Data(base64Encoded: standard) else { return nil }
        let text = String(decoding: data, as: UTF8.self).replacing("\r\n", with: "\n")
        guard let end = text.firstRange(of: "\n\n") else { return nil }
        let head = text[..<end.lowerBound].replacing("\n ", with: " ")
        let headers = head.split(separator: "\n").map { line in
            line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
        }
        guard headers.allSatisfy({ $0.count == 2 }),
            let body = Data(base64Encoded: text[end.upperBound...].filter { !$0.isWhitespace })
        else { return nil }
        return Mail(
            id: "", threadId: "", headers: headers, text: String(decoding: body, as: UTF8.self), labels: ["DRAFT"],
            date: Date())
    }
}
