import JSON
import Tenancy

/// Whom a company serves.
struct CustomerRoutes: RouteGroup {
    let customers: CustomerStore
    let deletions: DeletionRunner
    let invalidation: Invalidation

    var routes: [Route] { [list, create, get, change, delete] }

    private static let body = Schema.object([
        .optional("externalId", .text(1...255).orNull.described("The customer's id in the company's own systems.")),
        .optional("name", .text(1...200).orNull), .optional("email", .text(format: .email).orNull),
        .optional("phone", .text(1...40, format: .phone).orNull), .optional("metadata", .freeObject),
    ])

    private var list: Route {
        Route(
            method: .get, path: "/api/customers", summary: "List or search customers.", tag: "Customers",
            access: .company(.customersRead),
            query: QueryParameter.page + [
                QueryParameter("externalId", .text(1...255), "The one with this id in the company's own systems."),
                QueryParameter("q", .text(1...200), "Part of a name, an e-mail address or a telephone number."),
            ], answers: [.page(of: "Customer")]
        ) { call in
            .cacheable(
                try await customers.list(
                    call.scope, page: call.page(), externalId: call.query.string("externalId"),
                    text: call.query.string("q")))
        }
    }

    private var create: Route {
        Route(
            method: .post, path: "/api/customers", summary: "Add a customer.", tag: "Customers",
            access: .company(.customersWrite), body: Self.body, bodyIsOptional: true,
            answers: [.created("Customer").located.tagged]
        ) { call in
            let input = call.input
            let draft = CustomerDraft(
                externalId: input.string("externalId"), name: input.string("name"), email: input.string("email"),
                phone: input.string("phone"), metadata: input.members("metadata") ?? [:])
            let customer = try await customers.create(
                call.scope, draft, id: call.resourceId, limits: call.limits)
            return Answer.created(customer, at: "/api/customers/\(customer.id.lowercased)").tagged(customer.version)
        }
    }

    private var get: Route {
        Route(
            method: .get, path: "/api/customers/{id}", summary: "One customer.", tag: "Customers",
            access: .company(.customersRead), answers: [.ok("Customer").tagged]
        ) { call in
            let customer = try await customers.get(call.scope, call.id())
            return Answer.json(customer).tagged(customer.version)
        }
    }

    private var change: Route {
        Route(
            method: .patch, path: "/api/customers/{id}", summary: "Change some fields of a customer.", tag: "Customers",
            access: .company(.customersWrite), body: Self.body, answers: [.ok("Customer").tagged]
        ) { call in
            let input = call.input
            let patch = CustomerPatch(
                externalId: input.optionalChange("externalId", Input.string),
                name: input.optionalChange("name", Input.string), email: input.optionalChange("email", Input.string),
                phone: input.optionalChange("phone", Input.string), metadata: input.members("metadata"))
            let customer = try await customers.update(call.scope, call.id(), patch, ifVersion: try call.ifMatch())
            return Answer.json(customer).tagged(customer.version)
        }
    }

    private var delete: Route {
        Route(
            method: .delete, path: "/api/customers/{id}",
            summary: "Delete a customer with every conversation and sale of theirs.", tag: "Customers",
            access: .company(.customersWrite), answers: [.done]
        ) { call in
            let deletion = try await customers.delete(call.scope, call.id())
            // A widget token of that customer ends too.
            await invalidation.authentication(of: deletion.companyId)
            await deletions.run(deletion)
            return .noContent
        }
    }
}
