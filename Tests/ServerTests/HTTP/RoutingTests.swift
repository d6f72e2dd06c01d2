import Foundation
import JSON
import TestSupport
import Testing

/// What HTTP itself asks for.
@Suite struct RoutingTests {
    @Test(arguments: ["/nothing", "/api", "/api/", "/api/nothing", "/api/products/", "/api/products/x/y", "/%00"])
    func unknownPathsAreProblems(_ path: String) async throws {
        let answer = try await TestServer.shared.api.get(path)
        #expect(
            [400, 401, 404].contains(answer.status) && answer.headers["content-type"] == "application/problem+json")
    }

    @Test func otherMethodsAreNotAllowed() async throws {
        let api = try await TestServer.shared.api
        let answer = try await api.delete("/api/products")
        let allowed = answer.headers["allow"]?.components(separatedBy: ", ") ?? []
        #expect(answer.status == 405 && answer.code == "method_not_allowed")
        #expect(Set(allowed).isSuperset(of: ["GET", "POST"]) && !allowed.contains("DELETE"))
    }

    @Test func headIsGetWithoutBody() async throws {
        let ana = try await TestServer.shared.api.register()
        let path = "/api/products/\(try await Resources.make("products", of: ana))"
        let get = try await ana.api.get(path).expect(200)
        let head = try await ana.api.send("HEAD", path)
        #expect(head.status == 200 && head.bytes.isEmpty && head.headers["etag"] == get.headers["etag"])
        #expect(head.headers["content-length"] == "\(get.bytes.count)")
        #expect(try await ana.api.send("HEAD", "/api/products/x").status == 404)
    }

    @Test func requestIdsAreKeptOrMade() async throws {
        let api = try await TestServer.shared.api
        let kept = try await api.with(header: "X-Request-Id", "abc-1").get("/api/nothing")
        #expect(kept.headers["x-request-id"] == "abc-1" && kept["requestId"] == "abc-1")
        for odd in ["a b", "<x>", String(repeating: "x", count: 200)] {
            let made = try await api.with(header: "X-Request-Id", odd).get("/api/nothing")
            let id = made.headers["x-request-id"]
            #expect(id != odd && made["requestId"].stringValue == id)
        }
    }

    @Test func entityTagsSaveAnAnswer() async throws {
        let ana = try await TestServer.shared.api.register()
        for path in ["/api/products/\(try await Resources.make("products", of: ana))", "/api/products", "/api/agents"] {
            let tag = try #require(try await ana.api.get(path).headers["etag"])
            let again = try await ana.api.with(header: "If-None-Match", tag).get(path)
            #expect(again.status == 304 && again.bytes.isEmpty && again.headers["etag"] == tag)
            #expect(try await ana.api.with(header: "If-None-Match", "\"other\"").get(path).status == 200)
        }
    }

    @Test func changesAreGuarded() async throws {
        let ana = try await TestServer.shared.api.register()
        for collection in ["products", "customers", "sales", "conversations"] {
            let path = "/api/\(collection)/\(try await Resources.make(collection, of: ana))"
            let tag = try #require(try await ana.api.get(path).headers["etag"])
            let guarded = ana.api.with(header: "If-Match", tag)
            try await guarded.patch(path, ["metadata": ["a": 1]]).expect(200)
            let late = try await guarded.patch(path, ["metadata": ["a": 2]])
            #expect(late.status == 412 && late.code == "precondition_failed", "\(collection)")
            #expect([400, 412].contains(try await ana.api.with(header: "If-Match", "x").patch(path, [:]).status))
        }
    }

    @Test func operationsAnswer() async throws {
        let api = try await TestServer.shared.api
        #expect(try await api.get("/api/health").expect(200)["status"] == "ok")
        #expect(try await api.get("/livez").status == 200)
        #expect(try await api.get("/readyz").status == 200)
        #expect(try await api.get("/metrics").status == 404)
        for page in ["/docs", "/demo", "/inbox", "/widget.js"] {
            #expect(try await api.get(page).status == 200, "\(page)")
        }
        #expect(try await api.get("/../Package.swift").status == 404)
        #expect(try await api.get("/%2e%2e/Package.swift").status == 404)
    }
}
