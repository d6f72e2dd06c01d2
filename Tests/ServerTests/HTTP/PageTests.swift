import Foundation
import TestSupport
import Testing

@testable import Server

/// Pages and scripts as browsers get them.
@Suite struct PageTests {
    @Test func scriptsAreCompressedForWhoTakesIt() async throws {
        let api = try await TestServer.shared.api
        let whole = try await api.with(header: "Accept-Encoding", "identity").get("/widget.js")
        let small = try await api.with(header: "Accept-Encoding", "gzip").get("/widget.js")
        #expect(whole.headers["content-encoding"] == nil && small.headers["content-encoding"] == "gzip")
        #expect(whole.headers["vary"]?.contains("Accept-Encoding") == true)
        #expect(small.bytes == whole.bytes, "the client unpacks it")
        #expect(Int(small.headers["content-length"] ?? "") ?? .max < 30_000)
        let (tag, other) = (try #require(small.headers["etag"]), try #require(whole.headers["etag"]))
        #expect(tag != other)
        let again = try await api.with(header: "Accept-Encoding", "gzip").with(header: "If-None-Match", tag)
            .get("/widget.js")
        #expect(again.status == 304 && again.headers["content-encoding"] == nil)
    }

    @Test(
        arguments: [
            ("gzip", true), ("br, GZIP;q=0.5", true), ("*", true), ("deflate", false), ("gzip;q=0", false),
            ("gzip;q=0, *", false), ("*;q=0", false), ("", false), ("gzip;q=nonsense", false), (nil, false),
        ] as [(String?, Bool)])
    func aClientSaysWhetherItTakesGzip(_ header: String?, _ isAccepted: Bool) {
        #expect(Gzip.isAccepted(by: header) == isAccepted)
    }

    @Test func whatWouldNotBecomeSmallerStaysAsItIs() {
        #expect(Gzip.compressed([]) == nil && Gzip.compressed([1, 2, 3]) == nil)
        var random = SystemRandomNumberGenerator()
        #expect(Gzip.compressed((0..<10_000).map { _ in UInt8.random(in: 0...255, using: &random) }) == nil)
        #expect((Gzip.compressed(Array(repeating: 7, count: 100_000)) ?? []).count < 1_000)
    }
}
