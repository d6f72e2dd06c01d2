import JSON
import Tenancy

/// Keys for a company's own programs.
struct APIKeyRoutes: RouteGroup {
    let keys: APIKeyStore
    let invalidation: Invalidation

    var routes: [Route] { [list, create, revoke] }

    private var list: Route {
        Route(
            method: .get, path: "/api/api-keys", summary: "List the keys, without their secrets.", tag: "API keys",
            access: .company(.apiKeysRead), query: QueryParameter.page, answers: [.page(of: "APIKey")]
        ) { call in .cacheable(try await keys.list(call.scope, page: call.page())) }
    }

    private var create: Route {
        Route(
            method: .post, path: "/api/api-keys", summary: "Make a key; its secret is in this answer only.",
            tag: "API keys", access: .company(.apiKeysWrite),
            body: .object([
                .required("name", .text(1...200, notBlank: true)),
                .required("scopes", .array(of: .words(Permission.allCases.map(\.rawValue)), count: 1...50)),
                .optional("expiresAt", .time.orNull), .optional("test", .boolean.described("An `sb_test_…` key.")),
            ]), answers: [.created("NewAPIKey")]
        ) { call in
            let input = call.input
            let draft = APIKeyDraft(
                name: try input.required("name"),
                scopes: Set((input.strings("scopes") ?? []).compactMap { Permission(rawValue: $0) }),
                expiresAt: input.time("expiresAt"), isTest: input.flag("test") ?? false)
            return .secret(
                try await keys.create(call.scope, draft, id: call.resourceId, limits: call.limits), status: .created)
        }
    }

    private var revoke: Route {
        Route(
            method: .delete, path: "/api/api-keys/{id}", summary: "Revoke a key; it ends at once, everywhere.",
            tag: "API keys", access: .company(.apiKeysWrite), answers: [.done]
        ) { call in
            try await keys.revoke(call.scope, call.id())
            await invalidation.authentication(of: try call.scope.companyId)
            return .noContent
        }
    }
}
