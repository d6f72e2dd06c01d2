import Cache
import Foundation
import HTTPTypes
import JSON
import Tenancy
import Testing

@testable import Server

@Suite struct ProblemTests {
    @Test func writesRFC9457() throws {
        let problem = Problem.invalid("email", "format", "must be an e-mail address")
        let body = try JSONValue.parse(problem.body(requestId: "r-1"))
        #expect(body["status"] == 400 && body["code"] == "invalid_request" && body["requestId"] == "r-1")
        #expect(body["type"]?.stringValue == "/docs#invalid_request")
        #expect(body["errors"] == [["field": "email", "code": "format", "message": "must be an e-mail address"]])
    }

    @Test func tellsNothingAboutUnknownErrors() {
        struct Secret: Error { let password = "hunter2" }
        let problem = ProblemTranslator.problem(for: Secret())
        #expect(problem.status == .internalServerError)
        #expect(!String(decoding: problem.body(requestId: "r"), as: UTF8.self).contains("hunter2"))
    }

    @Test func absentAndForeignLookTheSame() {
        let absent = ProblemTranslator.problem(for: NotFound("product"))
        let foreign = ProblemTranslator.problem(for: NotFound("conversation"))
        #expect(absent.body(requestId: "r") == foreign.body(requestId: "r"))
    }

    @Test(arguments: [("abc-1.2:3", true), ("", false), ("a b", false), ("a\"b", false), ("é", false)])
    func choosesRequestIds(_ offered: String, _ isKept: Bool) {
        #expect((RequestIdentifier.choose(offered) == offered) == isKept)
        #expect(RequestIdentifier.isSane(RequestIdentifier.choose(offered)))
    }

    @Test func boundsRequestIds() { #expect(!RequestIdentifier.isSane(String(repeating: "a", count: 129))) }

    @Test(arguments: [
        (nil, true), ("application/json", true), ("application/json; charset=UTF-8", true),
        ("application/merge-patch+json", true), ("text/plain", false), ("application/json; charset=latin1", false),
        ("application/x-www-form-urlencoded", false),
    ])
    func knowsJSONTypes(_ type: String?, _ accepted: Bool) { #expect(BodyReader.isJSON(type) == accepted) }

    @Test(arguments: [
        ("\"a\"", true), ("W/\"a\"", true), ("\"b\", \"a\"", true), ("*", true), ("\"b\"", false), ("a", false),
    ])
    func matchesEntityTags(_ header: String, _ matches: Bool) { #expect(ETag.matches(header, "\"a\"") == matches) }
}

@Suite struct PrometheusTests {
    @Test func writesTheExpositionFormat() {
        let registry = PrometheusRegistry()
        registry.counter("requests.total", [("path", "a\"b\\c\nd")]).increment(by: 3)
        registry.gauge("depth", []).set(2.5)
        registry.histogram("time_seconds", [("route", "/x")]).recordNanoseconds(3_000_000)
        let text = registry.text()
        #expect(text.contains("# TYPE requests_total counter\nrequests_total{path=\"a\\\"b\\\\c\\nd\"} 3\n"))
        #expect(text.contains("# TYPE depth gauge\ndepth 2.5\n"))
        #expect(text.contains("time_seconds_bucket{route=\"/x\",le=\"0.0025\"} 0\n"))
        #expect(text.contains("time_seconds_bucket{route=\"/x\",le=\"0.005\"} 1\n"))
        #expect(text.contains("time_seconds_bucket{route=\"/x\",le=\"+Inf\"} 1\n"))
        #expect(text.contains("time_seconds_count{route=\"/x\"} 1\n"))
    }

    @Test func boundsTheNumberOfSeries() {
        let registry = PrometheusRegistry()
        for number in 0..<(PrometheusRegistry.maximumSeries + 100) {
            registry.counter("c", [("n", "\(number)")]).increment(by: 1)
        }
        #expect(registry.text().split(separator: "\n").count == PrometheusRegistry.maximumSeries + 1)
    }
}
