import Testing

@testable import Redis

@Suite struct RedisConfigurationTests {
    @Test func `a full URL is taken apart and decoded`() throws {
        let configuration = try RedisConfiguration(
            url: "rediss://us%3Aer:p%40ss%2Fw%3Ard%25@cache.example:6380/7?name=web-1")
        #expect(configuration.tls)
        #expect(configuration.username == "us:er")
        #expect(configuration.password == "p@ss/w:rd%")
        #expect(configuration.host == "cache.example")
        #expect(configuration.port == 6380)
        #expect(configuration.database == 7)
        #expect(configuration.clientName == "web-1")
        #expect(configuration.tlsServerName == "cache.example")
    }

    @Test func `what is left out has the usual value`() throws {
        let configuration = try RedisConfiguration(url: "redis://:secret@localhost")
        #expect(configuration.username == nil)
        #expect(configuration.password == "secret")
        #expect(configuration.port == 6379)
        #expect(configuration.database == 0)
        #expect(!configuration.tls)
    }

    @Test func `addresses are not names for a certificate`() throws {
        let six = try RedisConfiguration(url: "rediss://[::1]:6380/")
        #expect(six.host == "::1")
        #expect(six.tlsServerName == nil)
        #expect(try RedisConfiguration(url: "rediss://127.0.0.1").tlsServerName == nil)
    }

    @Test(arguments: [
        "", "localhost:6379", "http://localhost", "redis://", "redis://h/x", "redis://h/-1", "redis://h:0",
        "redis://h:99999", "redis://secret@h", "redis://h?timeout=1", "redis://h?ca=/does/not/exist",
        "redis://h?name=a%20b",
        "redis://:sec ret@h", "redis://:secret#x@h",
    ])
    func `a wrong URL is refused without telling the secret`(url: String) {
        let error = #expect(throws: RedisError.self) { try RedisConfiguration(url: url) }
        guard case .configuration(let text) = error else {
            Issue.record("not a configuration error: \(String(describing: error))")
            return
        }
        #expect(!text.isEmpty && !text.contains("secret"))
    }

    @Test func `waits double up to the longest and shrink by at most a half`() {
        var backoff = Backoff(first: .milliseconds(50), longest: .seconds(2))
        let waits = (0..<8).map { _ in backoff.next(random: 0) }
        #expect(waits == [50, 100, 200, 400, 800, 1_600, 2_000, 2_000].map { .milliseconds($0) })
        #expect(backoff.next(random: 1) == .seconds(1))
        for _ in 0..<100 { _ = backoff.next() }
        backoff.reset()
        #expect(backoff.next(random: 0) == .milliseconds(50))
    }

    @Test func `a script knows its SHA-1`() {
        #expect(RedisScript("return 1").sha1 == "e0e1f9fabfc9d4800c877a703b823ac0578ff8db")
    }
}
