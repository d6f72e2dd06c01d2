import JSON
import Tenancy

/// Companies: a person's own ones, and the one in which a caller acts.
struct CompanyRoutes: RouteGroup {
    let companies: CompanyStore
    let deletions: DeletionRunner
    let invalidation: Invalidation

    var routes: [Route] { [list, create, get, change, delete, widgetSecret] }

    private static let fields: [Field] = [
        .optional("industry", .text(0...200).orNull), .optional("brandPersonality", .text(0...4000).orNull),
        .optional("active", .boolean), .optional("settings", .freeObject),
    ]

    private var list: Route {
        Route(
            method: .get, path: "/api/companies", summary: "A person's companies; for a key, its own.",
            tag: "Companies", access: .company(.companyRead), query: QueryParameter.page,
            answers: [.page(of: "Company")]
        ) { call in
            guard let userId = try call.scope.userId else {
                return .cacheable(Page(items: [try await companies.get(call.scope)], nextCursor: nil))
            }
            return .cacheable(try await companies.list(of: userId, page: call.page()))
        }
    }

    private var create: Route {
        Route(
            method: .post, path: "/api/companies", summary: "Found another company; the caller owns it.",
            tag: "Companies", access: .person,
            body: .object([.required("name", .text(1...200, notBlank: true))] + Self.fields),
            answers: [.created("Company").located.tagged]
        ) { call in
            let input = call.input
            var draft = CompanyDraft(
                name: try input.required("name"), industry: input.string("industry"),
                brandPersonality: input.string("brandPersonality"), active: input.flag("active") ?? true)
            if let settings = input.members("settings") {
                draft.settings = CompanySettings(CompanySettings.initial.object.merged(with: settings))
            }
            let company = try await companies.create(ownedBy: try call.userId, draft, id: call.resourceId)
            return Answer.created(company, at: "/api/companies/\(company.id.lowercased)").tagged(company.version)
        }
    }

    private var get: Route {
        Route(
            method: .get, path: "/api/companies/{id}", summary: "One company.", tag: "Companies",
            access: .company(.companyRead), answers: [.ok("Company").tagged]
        ) { call in
            let company = try await companies.get(try await call.scope(in: call.id()))
            return Answer.json(company).tagged(company.version)
        }
    }

    private var change: Route {
        Route(
            method: .patch, path: "/api/companies/{id}", summary: "Change some fields of a company.", tag: "Companies",
            access: .company(.companyRead),
            body: .object([.optional("name", .text(1...200, notBlank: true))] + Self.fields),
            answers: [.ok("Company").tagged]
        ) { call in
            let scope = try await call.scope(in: call.id())
            try scope.require(.companyWrite)
            let input = call.input
            let patch = CompanyPatch(
                name: input.change("name", Input.string), industry: input.optionalChange("industry", Input.string),
                brandPersonality: input.optionalChange("brandPersonality", Input.string),
                active: input.change("active", Input.flag), settings: input.members("settings"))
            let company = try await companies.update(scope, patch, ifVersion: try call.ifMatch())
            await invalidation.company(scope.companyId)
            return Answer.json(company).tagged(company.version)
        }
    }

    private var delete: Route {
        Route(
            method: .delete, path: "/api/companies/{id}",
            summary: "Delete a company with all that is in it; owners only.", tag: "Companies",
            access: .company(.companyRead), answers: [.done]
        ) { call in
            let scope = try await call.scope(in: call.id())
            guard scope.role == .owner else { throw Problem.forbidden("Only an owner deletes a company.") }
            let deletion = try await companies.delete(scope)
            await invalidation.company(scope.companyId)
            await invalidation.authentication(of: scope.companyId)
            await deletions.run(deletion)
            return .noContent
        }
    }

    private var widgetSecret: Route {
        Route(
            method: .get, path: "/api/companies/{id}/widget-secret",
            summary: "The secret with which the company's own server vouches for its customers in the web chat.",
            tag: "Companies", access: .company(.companyRead), answers: [.ok("WidgetSecret")]
        ) { call in
            let scope = try await call.scope(in: call.id())
            return .secret(WidgetSecret(secret: try await companies.widgetSecret(scope)))
        }
    }
}

/// What signs the ids of a company's customers.
private struct WidgetSecret: JSONEncodable {
    let secret: String

    func encode(into writer: inout JSONWriter) {
        writer.object { $0.field("secret", secret) }
    }
}
