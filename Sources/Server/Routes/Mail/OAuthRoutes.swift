import Agents
import Foundation
import HTTPTypes
import JSON
import Tenancy

/// Accounts outside Switchboard that members link: the consent, what is linked, and ending it.
struct OAuthRoutes: RouteGroup {
    let accounts: OAuthAccountStore
    let states: OAuthStateStore
    /// Nil while the server has no client at Google.
    let google: GoogleAccounts?
    /// Whether browsers come back over TLS, so that the cookie can insist on it.
    let isSecure: Bool

    var routes: [Route] { [start, callback, list, unlink] }

    private static let cookie = "sb_oauth"
    private static let seconds = OAuthStateStore.lifetime.components.seconds

    private var start: Route {
        Route(
            method: .get, path: "/api/oauth/google/start",
            summary: "Begin to link a Google account: the address to open in this browser.", tag: "E-mail",
            access: .company(.emailsWrite),
            query: [
                QueryParameter("part", .words(["mail", "calendar", "all"]), "What to ask for; `all` without it."),
                QueryParameter("returnTo", .text(1...500), "The path to go on to afterwards; `/inbox` without it."),
            ], answers: [.ok("OAuthStart")]
        ) { call in
            guard let google else { throw Self.notSetUp }
            let returnTo = call.query.string("returnTo")
            if let returnTo, !Self.isPath(returnTo) {
                throw Problem.invalid("returnTo", "format", "must be a path of this server, such as /inbox")
            }
            let start = try await states.begin(call.scope, returnTo: returnTo)
            let parts = call.query.string("part").flatMap { GoogleConfiguration.Part(rawValue: $0) }
            let url = google.oauth.authorizationURL(parts.map { [$0] } ?? [.mail, .calendar], start)
            var answer = Answer.secret(
                [
                    "url": .string(url),
                    "expiresAt": .string(Timestamp.string(Date().addingTimeInterval(Double(Self.seconds)))),
                ] as JSONValue)
            answer.headers[.setCookie] = cookieText(start.cookie, seconds: Self.seconds)
            return answer
        }
    }

    private var callback: Route {
        Route(
            method: .get, path: "/api/oauth/google/callback",
            summary: "Where Google sends the browser back to; needs the cookie of the browser that began.",
            tag: "E-mail", access: .open,
            query: [
                QueryParameter("state", .text(1...200), "As it was given to Google.", isRequired: true),
                QueryParameter("code", .text(1...2048), "Becomes tokens, once."),
                QueryParameter("error", .text(1...200), "Why there is no code."),
            ],
            answers: [
                .init(
                    status: 303, schema: nil,
                    summary: "Go on to `returnTo`, with `linked=google`, or `linked=failed` and a `reason`.",
                    headers: [.location])
            ]
        ) { call in
            guard let google else { throw Self.notSetUp }
            let known = try await states.redeem(
                state: call.query.string("state") ?? "", cookie: Self.cookie(in: call.request.headers[.cookie] ?? ""))
            guard let known else {
                throw Problem.invalid(
                    "state", "invalid", "is unknown, used, too old, or from another browser; begin again")
            }
            let outcome = await link(call, known, google)
            let path = known.returnTo ?? "/inbox"
            let location = path + (path.contains("?") ? "&" : "?") + outcome
            return Answer(
                status: .seeOther, headers: [.location: location, .setCookie: cookieText("", seconds: 0)])
        }
    }

    /// Links the account behind the code, and says how that ended for the page to go on to.
    private func link(_ call: Call, _ known: OAuthReturn, _ google: GoogleAccounts) async -> String {
        guard let code = call.query.string("code") else {
            return "linked=failed&reason=" + (call.query.string("error") == "access_denied" ? "denied" : "refused")
        }
        do {
            let grant = try await google.oauth.exchange(code: code, verifier: known.verifier)
            _ = try await accounts.link(
                .forJob(companyId: known.companyId), of: known.userId, provider: GoogleAccounts.provider,
                subject: grant.subject, email: grant.email, scopes: grant.scopes, tokens: grant.tokens)
            return "linked=google"
        } catch let failure as GoogleOAuth.Failure {
            return "linked=failed&reason=\(failure.rawValue)"
        } catch is QuotaExceeded {
            return "linked=failed&reason=too_many"
        } catch {
            call.logger.error("a Google account was not linked", metadata: ["error": "\(type(of: error))"])
            return "linked=failed&reason=internal"
        }
    }

    private var list: Route {
        Route(
            method: .get, path: "/api/oauth/accounts", summary: "The accounts that I linked in this company.",
            tag: "E-mail", access: .company(.emailsRead), answers: [.page(of: "LinkedAccount")]
        ) { call in
            let scope = try call.scope
            guard let user = scope.userId else { return .cacheable(Page<OAuthAccount>(items: [], nextCursor: nil)) }
            return .cacheable(Page(items: try await accounts.list(scope, of: user), nextCursor: nil))
        }
    }

    private var unlink: Route {
        Route(
            method: .delete, path: "/api/oauth/accounts/{id}",
            summary: "Unlink an account: its tokens are given back and forgotten.", tag: "E-mail",
            access: .company(.emailsWrite), answers: [.done]
        ) { call in
            let scope = try call.scope
            let id = try call.id()
            guard let user = scope.userId else { throw NotFound("account") }
            // Ours first: what Google says to the token that is given back changes nothing.
            let token = try await accounts.unlink(scope, of: user, id)
            if let token, let google { await google.oauth.revoke(token) }
            return .noContent
        }
    }

    private static let notSetUp = Problem(
        status: .notFound, code: .notFound,
        detail: "Google accounts cannot be linked here: the operator has to set GOOGLE_CLIENT_ID and "
            + "GOOGLE_CLIENT_SECRET.")

    private func cookieText(_ value: String, seconds: Int64) -> String {
        "\(Self.cookie)=\(value); Path=/api/oauth; Max-Age=\(seconds); HttpOnly; SameSite=Lax"
            + (isSecure ? "; Secure" : "")
    }

    private static func cookie(in header: String) -> String {
        let pairs = header.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
        return pairs.first { $0.hasPrefix("\(cookie)=") }.map { String($0.dropFirst(cookie.count + 1)) } ?? ""
    }

    /// A path of this server and no other: browsers take `//host` and `/\host` for another one's.
    private static func isPath(_ text: String) -> Bool {
        text.hasPrefix("/") && !text.hasPrefix("//") && !text.contains("\\")
            && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}
