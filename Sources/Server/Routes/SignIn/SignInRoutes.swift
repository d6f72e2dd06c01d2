import Foundation
import JSON
import Tenancy

/// Getting in, staying in and getting out.
struct SignInRoutes: RouteGroup {
    let people: People
    let guards: SignInGuards
    let invalidation: Invalidation

    var routes: [Route] { [register, login, refresh, logout, me, password] }

    private var register: Route {
        Route(
            method: .post, path: "/api/auth/register", summary: "Sign up; always makes a company too.", tag: "Sign-in",
            access: .open,
            body: .object([
                .required("email", .text(format: .email).example("ana@example.com")),
                .required("password", .text(8...1024, maximumBytes: 1024)),
                .optional("name", .text(1...200).orNull), .optional("username", .text(1...100).orNull),
                .optional("companyName", .text(1...200).orNull),
            ]), answers: [.created("SignedIn")]
        ) { call in
            try await guards.address(call.caller.address)
            let input = call.input
            let signedIn = try await people.signIn.register(
                Registration(
                    email: try input.required("email"), password: try input.required("password"),
                    name: input.string("name"), username: input.string("username"),
                    companyName: input.string("companyName")),
                device: call.device)
            return .secret(signedIn, status: .created)
        }
    }

    private var login: Route {
        Route(
            method: .post, path: "/api/auth/login", summary: "Sign in with address and password.", tag: "Sign-in",
            access: .open,
            body: .object([
                .required("email", .text(1...1024)), .required("password", .text(1...1024, maximumBytes: 1024)),
            ]), answers: [.ok("SignedIn")]
        ) { call in
            let email = try call.input.required("email")
            try await guards.address(call.caller.address)
            try await guards.account(email)
            return .secret(
                try await people.signIn.login(
                    email: email, password: try call.input.required("password"), device: call.device))
        }
    }

    private var refresh: Route {
        Route(
            method: .post, path: "/api/auth/refresh",
            summary: "Get the next tokens; a refresh token that was used before ends its session.", tag: "Sign-in",
            access: .open, body: .object([.required("refreshToken", .text(1...200))]), answers: [.ok("SignedIn")]
        ) { call in
            try await guards.address(call.caller.address)
            let token = try call.input.required("refreshToken")
            switch try await people.signIn.refresh(token, device: call.device) {
            case .refreshed(let signedIn): return .secret(signedIn)
            case .ended(let userId):
                if let userId { try await invalidation.person(userId) }
                throw Unauthenticated("the session has ended; sign in again")
            }
        }
    }

    private var logout: Route {
        Route(
            method: .post, path: "/api/auth/logout", summary: "End this session, on every process at once.",
            tag: "Sign-in", access: .person, answers: [.done]
        ) { call in
            guard let session = call.caller.identity?.sessionId else { throw Problem.internalError }
            try await people.signIn.logout(try call.userId, sessionId: session)
            try await invalidation.person(call.userId)
            return .noContent
        }
    }

    private var me: Route {
        Route(
            method: .get, path: "/api/auth/me", summary: "Who I am, and my companies.", tag: "Sign-in",
            access: .person, answers: [.ok("Me")]
        ) { call in
            guard let user = try await people.users.find(try call.userId) else {
                throw Unauthenticated("this person is gone")
            }
            let memberships = try await people.companies.memberships(of: user.id)
            return .json(Me(user: user, memberships: memberships, companyId: call.caller.identity?.companyId))
        }
    }

    private var password: Route {
        Route(
            method: .post, path: "/api/auth/password", summary: "Change the password; other sessions end.",
            tag: "Sign-in", access: .person,
            body: .object([
                .required("currentPassword", .text(1...1024, maximumBytes: 1024)),
                .required("newPassword", .text(8...1024, maximumBytes: 1024)),
            ]), answers: [.done]
        ) { call in
            guard let session = call.caller.identity?.sessionId else { throw Problem.internalError }
            try await guards.account(try call.userId.lowercased)
            try await people.signIn.changePassword(
                try call.userId, sessionId: session, current: try call.input.required("currentPassword"),
                new: try call.input.required("newPassword"))
            try await invalidation.person(call.userId)
            return .noContent
        }
    }
}

/// Who somebody is, and where.
struct Me: JSONEncodable {
    let user: User
    let memberships: [Membership]
    let companyId: UUID?

    func encode(into writer: inout JSONWriter) {
        let current = memberships.first { $0.company.id == companyId }
        writer.object { writer in
            writer.field("user", user)
            writer.field("memberships", memberships)
            writer.field("company", current?.company)
            writer.field("role", current?.role.rawValue)
        }
    }
}
