import Foundation
import JSON
import TestSupport
import Testing

/// Bodies that are no good: each gets an answer that says why, and nothing is written.
@Suite struct BadBodyTests {
    @Test(arguments: [
        "", "{", "[]", "null", "\"x\"", "{\"name\":}", "{\"name\":\"a\"} x",
        "{\"name\":\"a\\u0000b\",\"priceCents\":1}",
        "{\"name\":\"a\",\"name\":\"b\",\"priceCents\":1}", "{\"name\":\"\\ud800\",\"priceCents\":1}",
    ])
    func isRefused(_ body: String) async throws {
        let ana = try await TestServer.shared.api.register()
        let answer = try await ana.api.send("POST", "/api/products", bytes: Array(body.utf8), type: "application/json")
        #expect(answer.status == 400 && answer.code == "invalid_request", "\(body)")
        #expect(try await ana.api.get("/api/products").data.isEmpty)
    }

    @Test func brokenUTF8IsRefused() async throws {
        let ana = try await TestServer.shared.api.register()
        let bytes = Array(#"{"priceCents":1,"name":""#.utf8) + [0xC3, 0x28] + Array(#""}"#.utf8)
        #expect(try await ana.api.send("POST", "/api/products", bytes: bytes, type: "application/json").status == 400)
    }

    @Test func deepNestingIsRefused() async throws {
        let ana = try await TestServer.shared.api.register()
        for depth in [65, 100_000] {
            let deep = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
            let body = #"{"name":"a","priceCents":1,"metadata":{"a":"# + deep + "}}"
            let answer = try await ana.api.send(
                "POST", "/api/products", bytes: Array(body.utf8), type: "application/json")
            #expect(answer.status == 400, "\(depth)")
        }
    }

    @Test func everyFaultIsNamedAtOnce() async throws {
        let ana = try await TestServer.shared.api.register()
        let answer = try await ana.api.post(
            "/api/products", ["name": 7, "priceCents": -1, "currency": "euro", "active": "yes", "metadata": []])
        let fields = answer["errors"].arrayValue?.compactMap { $0["field"]?.stringValue } ?? []
        #expect(answer.status == 400)
        #expect(Set(fields) == ["name", "priceCents", "currency", "active", "metadata"])
    }

    @Test func typesAreRefused() async throws {
        let ana = try await TestServer.shared.api.register()
        let body = Array(#"{"name":"a","priceCents":1}"#.utf8)
        for type in ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin1"] {
            let answer = try await ana.api.send("POST", "/api/products", bytes: body, type: type)
            #expect(answer.status == 415 && answer.code == "unsupported_media_type")
        }
    }

    @Test func aMebibyteIsTheMost() async throws {
        let ana = try await TestServer.shared.api.register()
        let body = Array(#"{"name":"a","priceCents":1,"x":""#.utf8)
        let end = Array(#""}"#.utf8)
        let filler = [UInt8](repeating: 0x61, count: (1 << 20) - body.count - end.count)
        let most = body + filler + end
        try await ana.api.send("POST", "/api/products", bytes: most, type: "application/json").expect(201)
        let more = try await ana.api.send("POST", "/api/products", bytes: most + [0x20], type: "application/json")
        #expect(more.status == 413 && more.code == "payload_too_large")
    }

    @Test func contentHasThirtyTwoKibibytes() async throws {
        let ana = try await TestServer.shared.api.register()
        let path = "/api/conversations/\(try await Resources.make("conversations", of: ana))/messages"
        let most = String(repeating: "é", count: 16 * 1024)
        try await ana.api.post(path, ["content": .string(most)]).expect(201)
        let more = try await ana.api.post(path, ["content": .string(most + "x")])
        #expect(more.status == 413 && more["errors"].arrayValue?.first?["field"] == "content")
        let first = try await ana.api.post("/api/conversations", ["message": ["content": .string(most + "x")]])
        #expect(first.status == 413 && first["errors"].arrayValue?.first?["field"] == "message.content")
    }

    @Test(arguments: [
        "limit=0", "limit=201", "limit=x", "limit=", "cursor=x", "cursor=%00", "q=%00", "q=%FF", "active=1",
        "limit=99999999999999999999",
    ])
    func badQueriesAreRefused(_ query: String) async throws {
        let ana = try await TestServer.shared.api.register()
        #expect(try await ana.api.get("/api/products?\(query)").status == 400, "\(query)")
    }

    @Test(arguments: ["%", "_", "\\", "' or 1=1 --", "a%b", "(", "&|!", "\"", "😀"])
    func searchesTakeAnyText(_ text: String) async throws {
        let ana = try await TestServer.shared.api.register()
        _ = try await Resources.make("customers", of: ana)
        let escaped = text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        for list in ["products", "customers", "conversations"] {
            #expect(try await ana.api.get("/api/\(list)?q=\(escaped)").expect(200).data.isEmpty, "\(list) \(text)")
        }
    }
}
