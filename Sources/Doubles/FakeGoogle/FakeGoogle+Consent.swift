import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import JSON
import NIOCore

extension FakeGoogle {
    /// The consent page, which redirects at once, and the token's and revocation's addresses.
    func serveConsent(_ router: Router<BasicRequestContext>) {
        router.get("/o/oauth2/v2/auth") { [self] request, _ in
            record(request)
            let query = request.uri.queryParameters
            func value(_ name: String) -> String { query[Substring(name)].map(String.init) ?? "" }
            let redirect = value("redirect_uri")
            guard value("client_id") == clientId, value("response_type") == "code",
                value("code_challenge_method") == "S256", !redirect.isEmpty
            else { return Self.json(.badRequest, ["error": "invalid_request"]) }
            let code = state.withLock { state in
                let code = state.next("code")
                state.codes[code] = Code(
                    challenge: value("code_challenge"), redirect: redirect, scopes: state.grants ?? value("scope"))
                return code
            }
            let separator = redirect.contains("?") ? "&" : "?"
            let location = "\(redirect)\(separator)code=\(code)&state=\(value("state"))"
            return Response(status: .found, headers: [.location: location])
        }
        router.post("/token") { [self] request, _ in
            record(request)
            let form = try await Self.form(request)
            guard form["client_id"] == clientId, form["client_secret"] == clientSecret else {
                return Self.json(.unauthorized, ["error": "invalid_client"])
            }
            if form["grant_type"] == "refresh_token" { return try await refresh(form["refresh_token"] ?? "") }
            return redeem(form)
        }
        router.post("/revoke") { [self] request, _ in
            record(request)
            let token = try await Self.form(request)["token"] ?? ""
            let isKnown = state.withLock { state in
                state.refreshTokens.removeValue(forKey: token) != nil
                    || state.accessTokens.removeValue(forKey: token) != nil
            }
            return isKnown ? Self.json(.ok, [:]) : Self.json(.badRequest, ["error": "invalid_token"])
        }
    }

    private func redeem(_ form: [String: String]) -> Response {
        let challenge = Data(SHA256.hash(data: Array((form["code_verifier"] ?? "").utf8))).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        // A code is taken away whatever comes of it: it is good once.
        let code = state.withLock { $0.codes.removeValue(forKey: form["code"] ?? "") }
        guard let code, code.challenge == challenge, code.redirect == form["redirect_uri"] else {
            return Self.json(.badRequest, ["error": "invalid_grant"])
        }
        let claims: JSONObject = [
            "sub": .string("subject-of-\(email)"), "email": .string(email), "aud": .string(clientId),
        ]
        let part = Data(claims.encoded).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        return state.withLock { state in
            let refresh = state.next("refresh")
            state.refreshTokens[refresh] = code.scopes
            var answer = issue(&state)
            answer["refresh_token"] = .string(refresh)
            answer["scope"] = .string(code.scopes)
            answer["id_token"] = .string("e30.\(part).c2ln")
            return Self.json(.ok, answer)
        }
    }

    private func refresh(_ token: String) async throws -> Response {
        try await Task.sleep(for: state.withLock { $0.refreshDelay })
        return state.withLock { state in
            state.refreshes += 1
            guard !state.refusesRefresh, let scopes = state.refreshTokens[token] else {
                return Self.json(.badRequest, ["error": "invalid_grant"])
            }
            var answer = issue(&state)
            if state.rotates {
                let new = state.next("refresh")
                state.refreshTokens[token] = nil
                state.refreshTokens[new] = scopes
                answer["refresh_token"] = .string(new)
            }
            return Self.json(.ok, answer)
        }
    }

    private func issue(_ state: inout State) -> JSONObject {
        let token = state.next("access")
        state.accessTokens[token] = Date().addingTimeInterval(Double(state.accessLifetime))
        return [
            "access_token": .string(token), "token_type": "Bearer", "expires_in": .integer(Int64(state.accessLifetime)),
        ]
    }

    // MARK: Requests and answers

    func record(_ request: Request) {
        state.withLock { state in
            guard state.requests.count < 10_000 else { return }
            state.requests.append(Recorded(method: request.method.rawValue, path: request.uri.string))
        }
    }

    /// The answer to a call of an API that must not be carried out: a scripted status, or a token that is not good.
    func refusal(_ request: Request) -> Response? {
        record(request)
        let token = request.headers[.authorization].map { String($0.dropFirst("Bearer ".count)) } ?? ""
        return state.withLock { state in
            if !state.statuses.isEmpty { return Self.error(state.statuses.removeFirst(), "backendError") }
            guard let end = state.accessTokens[token], end > Date() else { return Self.error(401, "authError") }
            return nil
        }
    }

    static func error(_ status: Int, _ reason: String) -> Response {
        json(
            .init(code: status),
            ["error": ["code": .integer(Int64(status)), "message": "no", "errors": [["reason": .string(reason)]]]])
    }

    static func json(_ status: HTTPResponse.Status, _ object: JSONObject) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: object.encoded)))
    }

    static func body(_ request: Request) async throws -> JSONObject {
        let bytes = Array(try await request.body.collect(upTo: 4 << 20).readableBytesView)
        return (try? JSONValue.parse(bytes))?.objectValue ?? [:]
    }

    private static func form(_ request: Request) async throws -> [String: String] {
        let text = String(buffer: try await request.body.collect(upTo: 64 << 10))
        var form: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1).map { String($0).removingPercentEncoding ?? "" }
            form[parts.first ?? ""] = parts.count > 1 ? parts[1] : ""
        }
        return form
    }
}
