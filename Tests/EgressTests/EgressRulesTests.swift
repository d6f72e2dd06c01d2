import Testing

@testable import Egress

@Suite struct EgressRulesTests {
    private static let traps = [
        // Other schemes, and what only looks like one.
        "", "example.com", "//example.com", "ftp://example.com/", "file:///etc/passwd", "gopher://example.com/",
        "javascript://example.com/", "unix:///run/docker.sock", "http+unix://%2Frun/", "https:/example.com",
        "https:example.com", "https:///path", "https://", "https://?q", " https://example.com", "https://example.com ",
        "https ://example.com", "http://example.com/", "HTTP://example.com/", "ws://example.com/",
        // Credentials, and hosts dressed up as credentials.
        "https://user@example.com/", "https://user:word@example.com/", "https://@example.com/",
        "https://example.com@127.0.0.1/", "https://example.com:443@127.0.0.1/", "https://127.0.0.1\\@example.com/",
        "https://example.com\\@127.0.0.1/", "https://example.com#@127.0.0.1/", "https://example.com/#x",
        "https://example.com\t@127.0.0.1/", "https://example.com%40127.0.0.1/", "https://exam%70le.com/",
        "https://127.0.0.1%2f.example.com/", "https://example.com\u{0}.evil/", "https://exa\nmple.com/",
        "https://exa\rmple.com/",
        // Ports.
        "https://example.com:80/", "https://example.com:8443/", "https://example.com:22/", "https://example.com:0/",
        "https://example.com:65536/", "https://example.com:99999999999999999999/", "https://example.com:/",
        "https://example.com:0443/", "https://example.com:+443/", "https://example.com:443:443/",
        "https://example.com:４４３/", "https://example.com:44 3/",
        // This machine and its neighbours, by every spelling.
        "https://127.0.0.1/", "https://127.0.0.1:443/", "https://127.1/", "https://127.0.1/", "https://0/",
        "https://0.0.0.0/", "https://2130706433/", "https://017700000001/", "https://0x7f000001/", "https://0x7f.1/",
        "https://0x7f.0.0.0x1/", "https://0177.0.0.1/", "https://127.0.0.1./", "https://127.0.0.01/",
        "https://①②⑦.0.0.1/", "https://127。0。0。1/", "https://１２７.0.0.1/", "https://127.0.0.1.:443/",
        "https://0xA9FEA9FE/",
        "https://169.254.169.254/latest/meta-data/", "https://10.0.0.1/", "https://172.16.0.1/", "https://192.168.0.1/",
        "https://100.64.0.1/", "https://224.0.0.1/", "https://255.255.255.255/", "https://[::1]/", "https://[::]/",
        "https://[0:0:0:0:0:0:0:1]/", "https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/",
        "https://[::ffff:8.8.8.8]/", "https://[::127.0.0.1]/", "https://[64:ff9b::127.0.0.1]/",
        "https://[2002:7f00:1::]/", "https://[fe80::1]/", "https://[fe80::1%25eth0]/", "https://[fe80::1%eth0]/",
        "https://[fd00:ec2::254]/", "https://[ff02::1]/", "https://[::1/", "https://::1/", "https://[::1]x/",
        "https://[127.0.0.1]/", "https://[localhost]/", "https://[]/", "https://[v1.x]/",
        // Names that are not the internet's, and names that are none.
        "https://localhost/", "https://LOCALHOST/", "https://localhost./", "https://foo.localhost/", "https://mongo/",
        "https://printer.local/", "https://metadata.google.internal/", "https://router.lan/", "https://nas.home.arpa/",
        "https://x.onion/", "https://example.com./", "https://example..com/", "https://.example.com/",
        "https://-example.com/", "https://example-.com/", "https://exa_mple.com/", "https://exämple.com/",
        "https://example.com,evil.com/", "https://example.com;evil.com/", "https://exa mple.com/", "https://*.com/",
        "https://example.c\u{200B}om/", "https://example.com／evil/", "https://example.123/", "https://a.0x1/",
        "https://\(String(repeating: "a", count: 64)).com/",
        "https://\(String(repeating: "a.", count: 130))com/",
        // Paths that parsers read differently.
        "https://example.com/%", "https://example.com/%zz", "https://example.com/a b", "https://example.com/ä",
        "https://example.com/\\evil", "https://example.com/<x>", "https://example.com/{x}",
        "https://example.com/" + String(repeating: "a", count: 2_000),
    ]

    @Test("refused without an exception", arguments: traps)
    func refused(_ text: String) {
        let error = #expect(throws: EgressError.self, "\(text)") { try EgressRules.strict.check(text) }
        #expect(error?.code == .refused && error?.message.isEmpty == false)
    }

    @Test(
        "taken, and spelled in one way",
        arguments: [
            ("https://example.com", "https://example.com/"), ("HTTPS://Example.COM/a/B", "https://example.com/a/B"),
            ("https://example.com:443/x?y=1&z=%20", "https://example.com/x?y=1&z=%20"),
            ("https://example.com?q=1", "https://example.com/?q=1"), ("https://8.8.8.8/mcp", "https://8.8.8.8/mcp"),
            ("https://[2606:4700:4700:0::1111]/", "https://[2606:4700:4700::1111]/"),
            ("https://xn--exmple-cua.com/", "https://xn--exmple-cua.com/"),
            ("https://1.example.com/", "https://1.example.com/"),
            ("https://a.b-c.example.museum/@x", "https://a.b-c.example.museum/@x"),
        ])
    func taken(_ text: String, _ canonical: String) throws {
        let url = try EgressRules.strict.check(text)
        #expect(url.text == canonical)
        #expect(try EgressRules.strict.check(url.text) == url)
    }

    @Test func theOperatorMayAllowPlaces() throws {
        let rules = try EgressRules(allowing: ["127.0.0.1:9000", "ollama:*", "[::1]:*", "Models.Example.com:8443"])
        for text in [
            "http://127.0.0.1:9000/mcp", "https://127.0.0.1:9000/", "http://ollama/v1", "http://ollama:11434/v1",
            "http://[::1]:5/", "https://models.example.com:8443/v1", "https://example.com/",
        ] { #expect(throws: Never.self, "\(text)") { try rules.check(text) } }
        for text in [
            "http://127.0.0.1:9001/", "http://127.0.0.1/", "http://127.0.0.2:9000/", "http://localhost:9000/",
            "http://[::ffff:127.0.0.1]:9000/", "http://user@127.0.0.1:9000/", "http://127.1:9000/",
            "http://example.com/", "http://models.example.com/", "https://x.models.example.com:8443/",
        ] { #expect(throws: EgressError.self, "\(text)") { try rules.check(text) } }
    }

    @Test(
        "exceptions that cannot be read are named",
        arguments: [
            "127.0.0.1", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:x", ":9000", "::1:9000", "a b:1", "*:80", "x:70000",
        ])
    func exceptions(_ entry: String) {
        let error = #expect(throws: EgressError.self) { try EgressRules(allowing: ["ok:1", entry]) }
        #expect(error?.message.contains(entry) == true)
    }

    @Test func oneBadAddressSpoilsAName() throws {
        let url = try EgressRules.strict.check("https://example.com/")
        let good = [IPAddress("2606:4700:4700::1111"), IPAddress("1.1.1.1")].compactMap(\.self)
        #expect(try EgressRules.strict.choose(among: good, for: url) == IPAddress("1.1.1.1"))
        for bad in ["127.0.0.1", "::1", "10.0.0.1", "fd00::1", "169.254.169.254", "::ffff:1.1.1.1", "64:ff9b::1.1.1.1"]
        {
            let address = try #require(IPAddress(bad))
            #expect(throws: EgressError.self, "\(bad)") {
                try EgressRules.strict.choose(among: good + [address], for: url)
            }
        }
        #expect(throws: EgressError.self) { try EgressRules.strict.choose(among: [], for: url) }
    }
}
