import HTTPTypes
import NIOHTTP1
import Testing

@testable import Server

@Suite struct RouteTableTests {
    private static func route(_ method: HTTPRequest.Method, _ path: String) -> Route {
        Route(method: method, path: path, summary: "", tag: "", access: .open) { _ in .noContent }
    }

    private let table = RouteTable([
        route(.get, "/"), route(.get, "/api/a"), route(.post, "/api/a"), route(.get, "/api/a/{id}"),
        route(.get, "/api/a/mine"), route(.get, "/api/{kind}/{id}/deep"), route(.delete, "/api/a/{id}/b/{name}"),
    ])

    @Test(arguments: [
        ("/", "/", []), ("", "/", []), ("/api/a", "/api/a", []), ("/api/a/", "/api/a", []), ("//api//a", "/api/a", []),
        ("/api/a/17", "/api/a/{id}", ["17"]), ("/api/a/mine", "/api/a/mine", []),
        ("/api/a/min", "/api/a/{id}", ["min"]), ("/api/a/mine2", "/api/a/{id}", ["mine2"]),
        // The literal part is tried first, and the open one where it leads nowhere.
        ("/api/a/mine/deep", "/api/{kind}/{id}/deep", ["a", "mine"]),
        ("/api/a/x/b/y%2Fz", "/api/a/{id}/b/{name}", ["x", "y%2Fz"]),
        ("/api/ä/ö/deep", "/api/{kind}/{id}/deep", ["ä", "ö"]),
    ]) func finds(path: String, place: String, values: [Substring]) {
        let (found, parameters) = table.find(path[...])
        #expect(found?.path == place)
        #expect(parameters.values == values)
    }

    @Test(arguments: ["/api", "/api/b", "/API/a", "/api/a/1/b", "/api/a/1/b/2/3", "api/a/1/c", "/api/a/1/deep/", "*"])
    func findsNothing(path: String) {
        let (found, parameters) = table.find(path[...])
        // The last but one is a path of two open parts.
        #expect(found?.path == (path == "/api/a/1/deep/" ? "/api/{kind}/{id}/deep" : nil))
        #expect(found != nil || parameters.values.isEmpty)
    }

    @Test func parametersGoByTheirNames() {
        let parameters = table.find("/api/a/x/b/y").1
        #expect(parameters.get("id") == "x" && parameters.get("name") == "y" && parameters.get("kind") == nil)
    }

    @Test func headIsGetAndOtherMethodsAreNone() {
        let place = table.find("/api/a").0
        #expect(place?.route(.head)?.route.method == .get)
        #expect(place?.route(.post)?.route.method == .post)
        #expect(place?.route(.delete) == nil)
        #expect(table.find("/api/a/x/b/y").0?.route(.head) == nil)
    }

    /// As long as a head may be, and made to be looked at again and again.
    @Test(.timeLimit(.minutes(1))) func longPathsAreFoundToBeNone() {
        let path = String(repeating: "/a", count: 8_000)
        for _ in 0..<100 { #expect(table.find(path[...]).0 == nil) }
    }
}

@Suite struct HeaderTests {
    @Test func requestHeadersAreFoundInAnyCase() {
        let headers = RequestHeaders(
            HTTPHeaders([
                ("IF-none-Match", "a"), ("if-match", "b"), ("Prefer", "x"), ("prefer", "y"), ("Cookie", "c"),
                ("cookie", "d"),
                ("If-Matcx", "no"),
            ]))
        #expect(headers[.ifNoneMatch] == "a" && headers[.ifMatch] == "b" && headers[.origin] == nil)
        #expect(headers[.prefer] == "x, y" && headers[values: .prefer] == ["x", "y"] && headers[.cookie] == "c; d")
    }

    @Test func answerHeadersAreThereOnce() {
        var headers: AnswerHeaders = [.location: "a"]
        headers[.location] = "b"
        headers[.eTag] = "c"
        headers.add([.eTag: "d", .vary: "e"])
        #expect(headers.map(\.value) == ["b", "c", "e"])
        headers[.eTag] = nil
        #expect(!headers.contains(.eTag) && headers.map(\.name) == [.location, .vary])
    }

    /// The example of RFC 9110 section 5.6.7, the epoch, and a leap day.
    @Test(arguments: [
        (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (1_709_164_800 + 86_399, "Thu, 29 Feb 2024 23:59:59 GMT"),
    ]) func datesAreWrittenAsHeadersSayThem(second: Int, text: String) {
        #expect(HTTPDate.text(second) == text)
    }

    @Test(arguments: [
        ("/a?b=c", "/a", "b=c"), ("/a", "/a", nil), ("/a?", "/a", ""), ("/?x?y", "/", "x?y"),
        ("http://host/a?b", "/a", "b"), ("http://host", "/", nil), ("https://host?b", "/", "b"),
        ("http://host/a#f", "/a", nil), ("*", "*", nil), ("/a://b/c", "/a://b/c", nil),
    ]) func targetsAreTakenApart(uri: String, path: String, query: String?) throws {
        let target = IncomingRequest.target(uri)
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        #expect(parts[0] == path)
        #expect((parts.count > 1 ? String(parts[1]) : nil) == query)
    }
}
