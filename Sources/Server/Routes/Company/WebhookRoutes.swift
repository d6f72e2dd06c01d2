import JSON
import Tenancy

/// Where a company's programs are told of what happens.
struct WebhookRoutes: RouteGroup {
    let webhooks: WebhookStore
    let deliveries: WebhookDeliveryStore
    let sender: WebhookSender
    let watched: WatchedCompanies

    var routes: [Route] { [list, create, get, change, delete, listDeliveries, test] }

    private static let url = Schema.text(1...2000).described(
        "https on port 443, on the public internet, without credentials; places that the operator allows besides."
    ).example("https://example.com/switchboard")
    private static let events = Schema.array(
        of: .words(WebhookEvent.allCases.map(\.rawValue)), count: 1...WebhookEvent.allCases.count)
    private static let description = Schema.text(0...200).orNull

    private var list: Route {
        Route(
            method: .get, path: "/api/webhooks", summary: "List the company's webhooks.", tag: "Webhooks",
            access: .company(.webhooksRead), query: QueryParameter.page, answers: [.page(of: "Webhook")]
        ) { call in .cacheable(try await webhooks.list(call.scope, page: call.page())) }
    }

    private var create: Route {
        Route(
            method: .post, path: "/api/webhooks",
            summary:
                "Be told of events by POST, signed as Standard Webhooks says; the secret is shown this once. What happens "
                + "from five seconds later on is told at least once, and what happens to a conversation in its order. A "
                + "key needs `events:read` too.", tag: "Webhooks", access: .company(.webhooksWrite),
            body: .object([
                .required("url", Self.url), .required("events", Self.events),
                .optional("description", Self.description), .optional("active", .boolean),
            ]), answers: [.created("NewWebhook").located.tagged]
        ) { call in
            let input = call.input
            let made = try await webhooks.create(
                call.scope,
                WebhookDraft(
                    url: try input.required("url"), events: input.strings("events") ?? [],
                    description: input.string("description"), active: input.flag("active") ?? true),
                id: call.resourceId)
            await watched.refresh()
            return Answer.created(made, at: "/api/webhooks/\(made.webhook.id.lowercased)").tagged(made.webhook.version)
        }
    }

    private var get: Route {
        Route(
            method: .get, path: "/api/webhooks/{id}", summary: "One webhook.", tag: "Webhooks",
            access: .company(.webhooksRead), answers: [.ok("Webhook").tagged]
        ) { call in
            let webhook = try await webhooks.get(call.scope, call.id())
            return Answer.json(webhook).tagged(webhook.version)
        }
    }

    private var change: Route {
        Route(
            method: .patch, path: "/api/webhooks/{id}",
            summary: "Change a webhook. Switched on again, or with another address, it begins anew with what waits.",
            tag: "Webhooks", access: .company(.webhooksWrite),
            body: .object([
                .optional("url", Self.url), .optional("events", Self.events),
                .optional("description", Self.description), .optional("active", .boolean),
            ]), answers: [.ok("Webhook").tagged]
        ) { call in
            var patch = WebhookPatch()
            patch.url = call.input.change("url", Input.string)
            patch.events = call.input.change("events", Input.strings)
            patch.description = call.input.optionalChange("description", Input.string)
            patch.active = call.input.change("active", Input.flag)
            let webhook = try await webhooks.update(call.scope, call.id(), patch, ifVersion: try call.ifMatch())
            await watched.refresh()
            return Answer.json(webhook).tagged(webhook.version)
        }
    }

    private var delete: Route {
        Route(
            method: .delete, path: "/api/webhooks/{id}",
            summary: "Remove a webhook with its secret and what it was still to be told.", tag: "Webhooks",
            access: .company(.webhooksWrite), answers: [.done]
        ) { call in
            try await webhooks.delete(call.scope, call.id())
            return .noContent
        }
    }

    private var listDeliveries: Route {
        Route(
            method: .get, path: "/api/webhooks/{id}/deliveries",
            summary: "What a webhook was told in the last days and is still to be told, newest first.",
            tag: "Webhooks", access: .company(.webhooksRead),
            query: [QueryParameter("state", .words(WebhookDelivery.State.allCases.map(\.rawValue)), "Only these.")]
                + QueryParameter.page, answers: [.page(of: "WebhookDelivery")]
        ) { call in
            .cacheable(
                try await deliveries.list(
                    call.scope, of: call.id(), state: call.query.word("state"), page: call.page()))
        }
    }

    private var test: Route {
        Route(
            method: .post, path: "/api/webhooks/{id}/test",
            summary: "Send an event `webhook.test` now, once, and say what came of it; also to one that is off.",
            tag: "Webhooks", access: .company(.webhooksWrite), body: .object([]), bodyIsOptional: true,
            answers: [.ok("WebhookDelivery")]
        ) { call in
            let claimed = try await deliveries.test(call.scope, call.id())
            await sender.deliver(claimed)
            return .json(try await deliveries.get(call.scope, claimed.delivery.id))
        }
    }
}
