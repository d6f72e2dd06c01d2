import AsyncHTTPClient
import Doubles
import Foundation
import JSON
import TestSupport

/// A server with the double in Google's place, and a browser.
struct GoogleServer: Sendable {
    let google: FakeGoogle
    let server: TestServer
    private let browser: HTTPClient

    static func with(_ body: @Sendable (GoogleServer) async throws -> Void) async throws {
        let google = FakeGoogle()
        let running = try await RunningDouble.start(google)
        let browser = HTTPClient(configuration: .init(redirectConfiguration: .disallow))
        do {
            let settings = Dictionary(running.environment.map { ($0.name, $0.value) }) { first, _ in first }
            // On stores of its own: on shared ones another server, which knows no Google, may run the turns.
            try await TestServer.with(settings) { server in
                try await body(GoogleServer(google: google, server: server, browser: browser))
            }
        } catch {
            try? await browser.shutdown()
            await running.stop()
            throw error
        }
        try await browser.shutdown()
        await running.stop()
    }

    /// Opens an address as a browser does, without following.
    func open(_ url: String, cookie: String? = nil) async throws -> (status: Int, location: String) {
        var request = HTTPClientRequest(url: url)
        if let cookie { request.headers.add(name: "Cookie", value: "other=1; \(cookie)") }
        let response = try await browser.execute(request, timeout: .seconds(30))
        _ = try await response.body.collect(upTo: 1 << 20)
        return (Int(response.status.code), response.headers.first(name: "location") ?? "")
    }

    /// Begins and consents: the path of the callback with its query, and the cookie.
    func consent(_ who: Tenant, _ query: String = "") async throws -> (path: String, cookie: String) {
        let start = try await who.api.get("/api/oauth/google/start\(query)").expect(200)
        let cookie = start.headers["set-cookie"]?.split(separator: ";").first.map(String.init) ?? ""
        let back = try await open(start["url"].stringValue ?? "")
        let path = back.location.firstRange(of: "/api/").map { String(back.location[$0.lowerBound...]) } ?? ""
        return (path, cookie)
    }

    /// Links the double's account.
    func link(_ who: Tenant) async throws {
        let consent = try await consent(who)
        _ = try await open(server.base + consent.path, cookie: consent.cookie)
    }
}
