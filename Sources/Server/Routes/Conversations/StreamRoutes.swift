import Cache
import Conversations
import Foundation
import Tenancy

/// Server-Sent Events of a conversation and of the whole company.
struct StreamRoutes: RouteGroup {
    let conversations: ConversationStore
    let feed: EventFeed
    let hub: StreamHub
    let replay: SharedReplay

    var routes: [Route] { [conversation, company] }

    private static let lastEventId = QueryParameter(
        "Last-Event-ID", .text(1...64), "The `id` of the last event that was received: the stream goes on after it.")

    private static let stream = Route.Documented(
        status: 200, schema: .text(),
        summary: """
            Events as they happen: `event`, `id` (the cursor) and `data` (JSON); a comment every 15 seconds. \
            `message.created`, `message.updated` and `message.deleted` carry the message, `conversation.created` and \
            `conversation.updated` the conversation, `conversation.deleted` `{id}`. Of the moment alone, without `id` and \
            never told again: `message.delta` `{turnId, agentName, offset, text, reset?, snapshot?}`, `turn.started`, \
            `turn.finished` and `turn.failed` `{turnId, agentName, state, messageId, replyMessageId}`, `tool.started` \
            and `tool.finished` `{turnId, agentName, call, tool, label, ok?}` (members only; `call` counts the calls of \
            a turn, and begins anew with `turn.started`), `typing`, `presence`. `resync` says to read again. Further \
            kinds may be added: skip those you do not know.
            """,
        mediaType: "text/event-stream")

    private var conversation: Route {
        Route(
            method: .get, path: "/api/conversations/{id}/events",
            summary: "Follow a conversation: messages in the order of `seq`, each once, and what else happens.",
            tag: "Events", access: .visitorToo(.conversationsRead),
            query: [
                QueryParameter("after", .integer(0 ... .max), "Go on after this `seq`; without it, from now on.")
            ], headers: [Self.lastEventId], answers: [Self.stream]
        ) { call in
            let scope = try call.scope
            let id = try call.id()
            // Who may not see it, or what is not there, is answered before anything is sent.
            let details = try await conversations.get(id, in: scope)
            let cursor = try Self.cursor(call, otherwise: details.lastMessage?.seq ?? 0)
            // What somebody looks at of their own is nobody's business.
            let shown = details.conversation.owner == .company ? id : nil
            return try events(call, scope, looksAt: shown) { [feed, replay] line in
                ConversationStream(
                    conversationId: id, scope: scope, feed: feed, replay: replay, line: line, cursor: cursor)
            }
        }
    }

    private var company: Route {
        Route(
            method: .get, path: "/api/events",
            summary: "Follow all that happens in the company, for inboxes; `resync` says to read the lists again.",
            tag: "Events", access: .company(.eventsRead), headers: [Self.lastEventId], answers: [Self.stream]
        ) { call in
            let scope = try call.scope
            let cursor = call.request.headers[.lastEventId].flatMap { $0.isEmpty ? nil : $0 }
            return try events(call, scope, looksAt: nil) { [feed, conversations] line in
                CompanyStream(scope: scope, feed: feed, conversations: conversations, line: line, cursor: cursor)
            }
        }
    }

    /// Where the client goes on. A browser that connects again sends the same `after` as before and, in the header,
    /// what it has got meanwhile.
    private static func cursor(_ call: Call, otherwise last: Int) throws(Problem) -> StreamCursor {
        if let text = call.request.headers[.lastEventId], !text.isEmpty {
            guard let cursor = StreamCursor(text) else {
                throw .invalid("Last-Event-ID", "format", "must be the id of an event of this stream, or a seq")
            }
            return cursor
        }
        return StreamCursor(seq: call.query.integer("after").map { Int($0) } ?? last)
    }

    private func events(
        _ call: Call, _ scope: TenantScope, looksAt conversationId: UUID?,
        _ reader: @escaping @Sendable (StreamLine) -> some StreamReader
    ) throws -> Answer {
        let ticket = try hub.admit(scope, conversationId: conversationId)
        let (caller, channel, hub) = (call.caller, call.request.channel, hub)
        return .events { body in
            let line = StreamLine(ticket: ticket, caller: caller, writer: body)
            StreamPump(reader(line)).start(on: channel) { hub.stop() }
        }
    }
}
