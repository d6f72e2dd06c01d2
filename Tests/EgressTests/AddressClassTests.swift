import Testing

@testable import Egress

@Suite struct AddressClassTests {
    @Test(
        "every address but those of the open internet has a class of its own",
        arguments: [
            ("0.0.0.0", .unspecified), ("0.1.2.3", .unspecified), ("10.0.0.1", .private), ("10.255.255.255", .private),
            ("100.64.0.1", .carrierGrade), ("100.127.255.255", .carrierGrade), ("127.0.0.1", .loopback),
            ("127.255.255.254", .loopback), ("169.254.169.254", .linkLocal), ("172.16.0.1", .private),
            ("172.31.255.255", .private), ("192.0.0.8", .reserved), ("192.0.2.1", .reserved),
            ("192.88.99.1", .embedded), ("192.168.1.1", .private), ("198.18.0.1", .reserved),
            ("198.19.255.255", .reserved), ("198.51.100.7", .reserved), ("203.0.113.7", .reserved),
            ("224.0.0.1", .multicast), ("239.255.255.250", .multicast), ("240.0.0.1", .reserved),
            ("255.255.255.255", .reserved), ("::", .unspecified), ("::1", .loopback), ("::2", .embedded),
            ("::ffff:127.0.0.1", .embedded), ("::ffff:8.8.8.8", .embedded), ("::ffff:0:8.8.8.8", .embedded),
            ("::127.0.0.1", .embedded), ("::7f00:1", .embedded), ("64:ff9b::7f00:1", .embedded),
            ("64:ff9b::8.8.8.8", .embedded), ("64:ff9b:1::1", .embedded), ("2002:7f00:1::1", .embedded),
            ("2001::1", .embedded), ("2001:0:4136:e378:8000:63bf:3fff:fdd2", .embedded), ("100::1", .reserved),
            ("2001:2::1", .reserved), ("2001:10::1", .reserved), ("2001:20::1", .reserved), ("2001:1ff::1", .reserved),
            ("2001:db8::1", .reserved), ("3fff::1", .reserved), ("3fff:fff::1", .reserved), ("5f00::1", .reserved),
            ("4000::1", .reserved), ("fc00::1", .uniqueLocal), ("fdff::1", .uniqueLocal), ("fe80::1", .linkLocal),
            ("febf::1", .linkLocal), ("fec0::1", .uniqueLocal), ("ff02::1", .multicast), ("ff0e::1", .multicast),
        ] as [(String, AddressClass)])
    func special(_ text: String, _ expected: AddressClass) throws {
        #expect(try #require(IPAddress(text)).addressClass == expected)
    }

    @Test(
        "the neighbours of the special blocks are public",
        arguments: [
            "1.0.0.0", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0",
            "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.0.3.0",
            "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255", "8.8.8.8",
            "2001:200::1", "2001:4860:4860::8888", "2606:4700:4700::1111", "2001:db7::1", "2001:db9::1", "2000::1",
            "3ffe::1", "3fff:1000::1",
        ])
    func ordinary(_ text: String) throws {
        #expect(try #require(IPAddress(text)).addressClass == .public)
    }

    @Test(
        "odd spellings are no addresses",
        arguments: [
            "", "127.1", "127.0.1", "0x7f.0.0.1", "0177.0.0.1", "127.0.0.01", "2130706433", "127.0.0.1.", ".127.0.0.1",
            "127.0.0.256", "127.0.0.-1", "127.0.0.+1", " 127.0.0.1", "127.0.0.1 ", "127.0.0.1/8", "1.2.3.4.5",
            "١.٢.٣.٤",
            "fe80::1%eth0", "[::1]", ":::", "::1::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "::ffff:127.1", "12345::",
            "::ffff:127.0.0.01",
        ])
    func odd(_ text: String) { #expect(IPAddress(text) == nil) }

    @Test func spellingsAreCanonical() {
        for text in ["127.0.0.1", "255.0.255.0", "::1", "2001:4860:4860::8888", "fe80::1"] {
            #expect(IPAddress(text)?.description == text)
        }
        #expect(IPAddress("2606:4700:4700:0:0:0:0:1111")?.description == "2606:4700:4700::1111")
    }
}
