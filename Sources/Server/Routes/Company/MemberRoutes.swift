import Foundation
import JSON
import Tenancy

/// The people of a company and what they may do.
struct MemberRoutes: RouteGroup {
    let members: MemberStore
    let invalidation: Invalidation

    var routes: [Route] { [list, add, change, remove] }

    private var list: Route {
        Route(
            method: .get, path: "/api/members", summary: "List the members.", tag: "Members",
            access: .company(.membersRead), query: QueryParameter.page, answers: [.page(of: "Member")]
        ) { call in .cacheable(try await members.list(call.scope, page: call.page())) }
    }

    private var add: Route {
        Route(
            method: .post, path: "/api/members", summary: "Add a registered person by e-mail address.", tag: "Members",
            access: .company(.membersWrite),
            body: .object([
                .required("email", .text(format: .email)), .optional("role", CompanyComponents.role),
            ]), answers: [.created("Member").located]
        ) { call in
            let member = try await members.add(
                call.scope, email: try call.input.required("email"), role: call.input.word("role") ?? .member,
                limits: call.limits)
            await invalidation.authentication(of: try call.scope.companyId)
            return .created(member, at: "/api/members/\(member.userId.lowercased)")
        }
    }

    private var change: Route {
        Route(
            method: .patch, path: "/api/members/{userId}", summary: "Change a member's role.", tag: "Members",
            access: .company(.membersWrite), body: .object([.required("role", CompanyComponents.role)]),
            answers: [.ok("Member").tagged]
        ) { call in
            guard let role = call.input.word("role", as: Role.self) else { throw Problem.internalError }
            let member = try await members.update(
                call.scope, call.id("userId"), role: role, ifVersion: try call.ifMatch())
            await invalidation.authentication(of: try call.scope.companyId)
            return Answer.json(member).tagged(member.version)
        }
    }

    private var remove: Route {
        Route(
            method: .delete, path: "/api/members/{userId}",
            summary: "Remove a member; members may remove themselves. The last owner stays.", tag: "Members",
            access: .company(.membersRead), answers: [.done]
        ) { call in
            // Permission first: without it, no id of somebody else is told from another, not even a malformed one.
            let named = try? call.id("userId")
            if try named == nil || named != call.scope.userId { try call.scope.require(.membersWrite) }
            let userId = try call.id("userId")
            try await members.remove(call.scope, userId)
            await invalidation.authentication(of: try call.scope.companyId)
            return .noContent
        }
    }
}
