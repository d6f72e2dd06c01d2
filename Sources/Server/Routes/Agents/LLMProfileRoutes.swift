import Egress
import JSON
import Tenancy

/// Language models that a company brought along. Keys go in and never come out.
struct LLMProfileRoutes: RouteGroup {
    let profiles: LLMProfileStore
    /// Where a model may be; whoever connects checks again, with the addresses that the name has by then.
    let rules: EgressRules

    var routes: [Route] { [list, create, get, change, delete] }

    private static let optionalFields: [Field] = [
        .optional(
            "apiKey",
            .text(1...1000).orNull.described("Kept sealed, never shown; it stays with the server it was given for.")),
        .optional("fallbackModel", .text(1...200).orNull), .optional("quirks", .freeObject),
        .optional("priceInMicros", price("read")), .optional("priceOutMicros", price("written")),
        .optional("priceCachedMicros", price("read from the provider's cache")),
        .optional("timeoutSeconds", .integer(1...120)), .optional("enabled", .boolean),
    ]
    private static let name = Schema.text(1...100, notBlank: true).example("main")
    private static let address = Schema.text(8...500).example("https://llm.example.com/v1")
    private static let model = Schema.text(1...200, notBlank: true).example("a-model")

    private static func price(_ what: String) -> Schema {
        .integer(LLMProfileDraft.priceRange).described("Millionths of a US dollar for a million tokens \(what).")
    }

    private func check(_ address: String) throws(Problem) {
        do throws(EgressError) { _ = try rules.check(address) } catch {
            throw .invalid("baseUrl", "not_allowed", error.message)
        }
    }

    private var list: Route {
        Route(
            method: .get, path: "/api/llm-profiles",
            summary: "The company's language models; agents use the first that is enabled.", tag: "Agents",
            access: .company(.agentsWrite), answers: [.page(of: "LLMProfile")]
        ) { call in .cacheable(Page(items: try await profiles.list(call.scope), nextCursor: nil)) }
    }

    private var create: Route {
        Route(
            method: .post, path: "/api/llm-profiles",
            summary: "Bring a language model along: any server with OpenAI's chat completions.", tag: "Agents",
            access: .company(.agentsWrite),
            body: .object(
                [.required("name", Self.name), .required("baseUrl", Self.address), .required("model", Self.model)]
                    + Self.optionalFields), answers: [.created("LLMProfile").located.tagged]
        ) { call in
            let input = call.input
            var draft = LLMProfileDraft(
                name: try input.required("name"), baseURL: try input.required("baseUrl"),
                model: try input.required("model"), fallbackModel: input.string("fallbackModel"))
            draft = LLMProfilePatch(input).applied(to: draft)
            try check(draft.baseURL)
            let profile = try await profiles.create(
                call.scope, draft, apiKey: input.string("apiKey"), id: call.resourceId)
            return Answer.created(profile, at: "/api/llm-profiles/\(profile.id.lowercased)").tagged(profile.version)
        }
    }

    private var get: Route {
        Route(
            method: .get, path: "/api/llm-profiles/{id}", summary: "One of the company's language models.",
            tag: "Agents", access: .company(.agentsWrite), answers: [.ok("LLMProfile").tagged]
        ) { call in
            let profile = try await profiles.get(call.scope, call.id())
            return Answer.json(profile).tagged(profile.version)
        }
    }

    private var change: Route {
        Route(
            method: .patch, path: "/api/llm-profiles/{id}", summary: "Change some fields of a language model.",
            tag: "Agents", access: .company(.agentsWrite),
            body: .object(
                [.optional("name", Self.name), .optional("baseUrl", Self.address), .optional("model", Self.model)]
                    + Self.optionalFields), answers: [.ok("LLMProfile").tagged]
        ) { call in
            if let address = call.input.string("baseUrl") { try check(address) }
            let profile = try await profiles.update(
                call.scope, call.id(), LLMProfilePatch(call.input), ifVersion: try call.ifMatch())
            return Answer.json(profile).tagged(profile.version)
        }
    }

    private var delete: Route {
        Route(
            method: .delete, path: "/api/llm-profiles/{id}", summary: "Forget a language model with its key.",
            tag: "Agents", access: .company(.agentsWrite), answers: [.done]
        ) { call in
            try await profiles.delete(call.scope, call.id(), ifVersion: try call.ifMatch())
            return .noContent
        }
    }
}

extension LLMProfilePatch {
    /// The changes that a body asks for.
    init(_ input: Input) {
        self.init()
        name = input.change("name", Input.string)
        baseURL = input.change("baseUrl", Input.string)
        model = input.change("model", Input.string)
        fallbackModel = input.optionalChange("fallbackModel", Input.string)
        quirks = input.change("quirks", Input.members)
        priceInMicros = input.change("priceInMicros", Input.integer)
        priceOutMicros = input.change("priceOutMicros", Input.integer)
        priceCachedMicros = input.change("priceCachedMicros", Input.integer)
        timeoutSeconds = input.change("timeoutSeconds", Input.integer)
        enabled = input.change("enabled", Input.flag)
        apiKey = input.optionalChange("apiKey", Input.string)
    }
}
