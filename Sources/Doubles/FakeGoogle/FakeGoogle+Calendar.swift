import Foundation
import HTTPTypes
import Hummingbird
import JSON

extension FakeGoogle {
    /// Calendar: lists, insert with an id of the client's, patch, delete.
    func serveCalendar(_ router: Router<BasicRequestContext>) {
        let events = "/calendar/v3/calendars/primary/events"
        router.get("\(events)") { [self] request, _ in
            if let refusal = refusal(request) { return refusal }
            let query = request.uri.queryParameters
            func time(_ name: String) -> Date? { query[Substring(name)].flatMap { Timestamp.parse(String($0)) } }
            let (from, to) = (time("timeMin") ?? .distantPast, time("timeMax") ?? .distantFuture)
            let found = state.withLock { $0.events.values }.filter { event in
                guard event["status"]?.stringValue != "cancelled", let start = Self.time(event["start"]),
                    let end = Self.time(event["end"])
                else { return false }
                return start < to && end > from
            }.sorted { (Self.time($0["start"]) ?? .distantPast) < (Self.time($1["start"]) ?? .distantPast) }
            let size = min(
                query["maxResults"].flatMap { Int($0) } ?? 250, state.withLock { $0.pageSize })
            let start = query["pageToken"].flatMap { Int($0) } ?? 0
            var answer: JSONObject = ["items": .array(found.dropFirst(start).prefix(size).map { .object($0) })]
            if found.count > start + size { answer["nextPageToken"] = .string(String(start + size)) }
            return Self.json(.ok, answer)
        }
        router.post("\(events)") { [self] request, _ in
            if let refusal = refusal(request) { return refusal }
            let body = try await Self.body(request)
            return state.withLock { state in
                let id = body["id"]?.stringValue ?? state.next("e")
                guard id.utf8.count >= 5, id.allSatisfy({ "0123456789abcdefghijklmnopqrstuv".contains($0) }) else {
                    return Self.error(400, "invalid")
                }
                if state.events[id] != nil { return Self.error(409, "duplicate") }
                var event = body
                event["id"] = .string(id)
                event["status"] = "confirmed"
                state.events[id] = event
                return Self.json(.ok, event)
            }
        }
        router.get("\(events)/:id") { [self] request, context in
            if let refusal = refusal(request) { return refusal }
            guard let event = state.withLock({ $0.events[context.parameters.get("id") ?? ""] }) else {
                return Self.error(404, "notFound")
            }
            return Self.json(.ok, event)
        }
        router.patch("\(events)/:id") { [self] request, context in
            if let refusal = refusal(request) { return refusal }
            let body = try await Self.body(request)
            let id = context.parameters.get("id") ?? ""
            return state.withLock { state in
                guard let event = state.events[id], event["status"]?.stringValue != "cancelled" else {
                    return Self.error(404, "notFound")
                }
                let changed = event.merged(with: body)
                state.events[id] = changed
                return Self.json(.ok, changed)
            }
        }
        router.delete("\(events)/:id") { [self] request, context in
            if let refusal = refusal(request) { return refusal }
            let id = context.parameters.get("id") ?? ""
            return state.withLock { state in
                guard let event = state.events[id] else { return Self.error(404, "notFound") }
                if event["status"]?.stringValue == "cancelled" { return Self.error(410, "deleted") }
                state.events[id]?["status"] = "cancelled"
                return Response(status: .noContent)
            }
        }
    }

    private static func time(_ json: JSONValue?) -> Date? {
        json?["dateTime"]?.stringValue.flatMap { Timestamp.parse($0) }
    }
}
