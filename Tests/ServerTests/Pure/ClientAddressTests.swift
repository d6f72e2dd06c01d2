import NIOCore
import NIOHTTP1
import Testing

@testable import Server

@Suite struct ClientAddressTests {
    private func address(_ peer: String, forwarded: [String], trusted: [String]) throws -> String {
        let headers = RequestHeaders(HTTPHeaders(forwarded.map { ("X-Forwarded-For", $0) }))
        let networks = try trusted.map { try #require(ClientAddress.Network($0)) }
        return ClientAddress(trusted: networks).of(peer: try SocketAddress(ipAddress: peer, port: 1), headers: headers)
    }

    @Test func believesOnlyTrustedProxies() throws {
        #expect(try address("203.0.113.9", forwarded: ["10.1.1.1"], trusted: []) == "203.0.113.9")
        #expect(try address("203.0.113.9", forwarded: ["10.1.1.1"], trusted: ["10.0.0.0/8"]) == "203.0.113.9")
        #expect(try address("10.0.0.1", forwarded: ["198.51.100.7"], trusted: ["10.0.0.0/8"]) == "198.51.100.7")
    }

    @Test func takesTheLastAddressThatNoTrustedProxyWrote() throws {
        let forged = "1.2.3.4, 198.51.100.7, 10.2.2.2"
        #expect(try address("10.0.0.1", forwarded: [forged], trusted: ["10.0.0.0/8"]) == "198.51.100.7")
        #expect(
            try address("10.0.0.1", forwarded: ["1.2.3.4", "198.51.100.7"], trusted: ["10.0.0.1"]) == "198.51.100.7")
    }

    @Test func fallsBackToTheProxyWhenTheHeaderIsBroken() throws {
        #expect(try address("10.0.0.1", forwarded: ["not an address"], trusted: ["10.0.0.1"]) == "10.0.0.1")
        #expect(try address("10.0.0.1", forwarded: [], trusted: ["10.0.0.1"]) == "10.0.0.1")
    }

    @Test func knowsNetworksOfBothFamilies() throws {
        #expect(try address("2001:db8::1", forwarded: ["2001:db9::5"], trusted: ["2001:db8::/32"]) == "2001:db9::5")
        #expect(try address("::ffff:10.0.0.1", forwarded: ["9.9.9.9"], trusted: ["10.0.0.0/8"]) == "9.9.9.9")
        for text in ["", "10.0.0.0/33", "10.0.0/8", "x/8", "::/129", "10.0.0.0/-1"] {
            #expect(ClientAddress.Network(text) == nil)
        }
    }

    @Test func limitsWholeNetworksOfIPv6() {
        #expect(ClientAddress.limitKey("2001:db8:1:2::1") == ClientAddress.limitKey("2001:db8:1:2:ffff::9"))
        #expect(ClientAddress.limitKey("2001:db8:1:2::1") != ClientAddress.limitKey("2001:db8:1:3::1"))
        #expect(ClientAddress.limitKey("203.0.113.9") == "203.0.113.9")
    }
}
