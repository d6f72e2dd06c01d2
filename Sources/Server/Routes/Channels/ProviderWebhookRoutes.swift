import Channels
import Foundation
import HTTPTypes
import JSON
import Tenancy

/// Where providers tell what happened. Nothing is read of a body before it is proven whose it is, and nothing is
/// answered well before it is kept.
struct ProviderWebhookRoutes: RouteGroup {
    let stores: ChannelStores
    let intake: ChannelIntake

    var routes: [Route] { [verify, whatsApp, postmark] }

    private static let refused = Problem.unauthenticated("The webhook does not prove that it is this channel's.")

    private var verify: Route {
        Route(
            method: .get, path: "/webhooks/whatsapp/{id}",
            summary: "Where Meta asks whether the webhook is meant: the challenge comes back when the word is right.",
            tag: "Webhooks", access: .webhook,
            query: [
                QueryParameter("hub.mode", .words(["subscribe"]), "`subscribe`.", isRequired: true),
                QueryParameter("hub.verify_token", .text(1...1000), "The channel's word.", isRequired: true),
                QueryParameter("hub.challenge", .text(1...500), "What to answer.", isRequired: true),
            ],
            answers: [.init(status: 200, schema: .text(), summary: "The challenge.", mediaType: "text/plain")]
        ) { call in
            let token = call.query.string("hub.verify_token") ?? ""
            guard let opened = try await presented(call, .whatsapp),
                WhatsAppSignature.verifies(token, by: opened.secrets)
            else { throw Problem.forbidden("This is not the channel's word.") }
            return .text(call.query.string("hub.challenge") ?? "", type: "text/plain; charset=utf-8")
        }
    }

    private var whatsApp: Route {
        Route(
            method: .post, path: "/webhooks/whatsapp/{id}",
            summary: "Where Meta tells what happens on a number, signed over the raw body with the app's secret.",
            tag: "Webhooks", access: .webhook,
            headers: [QueryParameter("X-Hub-Signature-256", .text(71...71), "`sha256=` and the HMAC in hexadecimal.")],
            answers: [Self.kept], maximumBytes: WhatsAppEnvelope.maximumBytes,
            rawBody: "What WhatsApp's Cloud API sends.",
            precheck: { request in
                guard request.headers[.hubSignature].flatMap(WhatsAppSignature.digest) != nil else {
                    throw Self.refused
                }
            }
        ) { call in
            guard let opened = try await presented(call, .whatsapp),
                WhatsAppSignature.isValid(
                    call.request.headers[.hubSignature], body: call.bodyBytes, by: opened.secrets)
            else { throw Self.refused }
            let envelope = WhatsAppEnvelope(call.bodyBytes, phoneNumberId: opened.channel.address)
            if envelope.ignored > 0 {
                call.logger.info(
                    "parts of a webhook are ignored",
                    metadata: [
                        "channel": "\(opened.channel.id.lowercased)", "parts": "\(envelope.ignored)",
                    ])
            }
            try await keep(envelope.events, of: opened)
            return Answer(status: .ok)
        }
    }

    /// Postmark signs nothing, so who it is can be told before the body is read, which may be large.
    private var postmark: Route {
        Route(
            method: .post, path: "/webhooks/email/{name}/{id}",
            summary: "Where Postmark (`postmark`) hands on e-mail, and tells what became of ours.", tag: "Webhooks",
            access: .webhook,
            query: [
                QueryParameter(
                    "secret", .text(0...1000), "The channel's secret; the password of basic authentication without it.")
            ], answers: [Self.kept], maximumBytes: PostmarkEnvelope.maximumBytes, rawBody: "What Postmark sends.",
            precheck: { _ = try await opened($0) }
        ) { call in
            let opened = try await opened(call.request)
            try await keep(PostmarkEnvelope(call.bodyBytes).events, of: opened)
            return Answer(status: .ok)
        }
    }

    /// The channel of the path, when the request shows its secret.
    private func opened(_ request: Request) async throws -> OpenedChannel {
        let secret = try QueryText.items(request.query).first { $0.name == "secret" }?.value
        guard request.parameters.get("name") == "postmark",
            let id = request.parameters.get("id").flatMap({ UUID(strict: $0) }),
            let opened = try await stores.channels.presented(id, .email),
            PostmarkProof.isValid(
                secret: secret, authorization: request.headers[.authorization], by: opened.secrets)
        else { throw Self.refused }
        return opened
    }

    private static let kept = Route.Documented(status: 200, schema: nil, summary: "Kept; it is worked off by and by.")

    private func keep(_ events: [ChannelEvent.Draft], of opened: OpenedChannel) async throws {
        do {
            if try await stores.events.keep(opened, events) > 0 { intake.wake() }
        } catch is NotFound {
            throw Self.refused
        }
    }

    /// The channel of the path; whether the provider speaks is still to be proven.
    private func presented(_ call: Call, _ kind: Channel.Kind) async throws -> OpenedChannel? {
        guard let id = try? call.id() else { return nil }
        return try await stores.channels.presented(id, kind)
    }
}
