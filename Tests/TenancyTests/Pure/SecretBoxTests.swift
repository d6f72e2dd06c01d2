import Testing

@testable import Tenancy

@Suite struct SecretBoxTests {
    let key1 = [UInt8](repeating: 1, count: 32)
    let key2 = [UInt8](repeating: 2, count: 32)
    let secret = Array("a secret".utf8)

    @Test func opensWhatItSealed() throws {
        let box = try SecretBox(current: "k1", keys: ["k1": key1])
        let sealed = try box.seal(secret, for: "company")
        #expect(sealed.hasPrefix("k1:"))
        #expect(try box.open(sealed, for: "company") == secret)
        #expect(try box.seal(secret, for: "company") != sealed)
    }

    @Test func isTiedToItsRow() throws {
        let box = try SecretBox(current: "k1", keys: ["k1": key1])
        let sealed = try box.seal(secret, for: "company")
        #expect(throws: SecretBox.Failure.notAuthentic) { try box.open(sealed, for: "other") }
    }

    @Test func oldKeysOpenAndNewOnesSeal() throws {
        let old = try SecretBox(current: "k1", keys: ["k1": key1]).seal(secret, for: "c")
        let box = try SecretBox(current: "k2", keys: ["k1": key1, "k2": key2])
        #expect(try box.open(old, for: "c") == secret)
        #expect(box.isOld(old))
        let new = try box.seal(secret, for: "c")
        #expect(!box.isOld(new))
        let forgotten = try SecretBox(current: "k2", keys: ["k2": key2])
        #expect(throws: SecretBox.Failure.unknownKey("k1")) { try forgotten.open(old, for: "c") }
    }

    @Test func anotherKeyUnderTheSameIdDoesNotOpen() throws {
        let sealed = try SecretBox(current: "k", keys: ["k": key1]).seal(secret, for: "c")
        let other = try SecretBox(current: "k", keys: ["k": key2])
        #expect(throws: SecretBox.Failure.notAuthentic) { try other.open(sealed, for: "c") }
    }

    @Test(arguments: ["", "k1", "k1:", "k1:AAAA", "k1:%%%", ":"])
    func refusesWhatItDidNotWrite(text: String) throws {
        let box = try SecretBox(current: "k1", keys: ["k1": key1])
        #expect(throws: SecretBox.Failure.self) { try box.open(text, for: "c") }
    }

    @Test func everyChangedByteIsNoticed() throws {
        let box = try SecretBox(current: "k1", keys: ["k1": key1])
        let sealed = try box.seal(secret, for: "c")
        let bytes = try #require(Base64URL.decode(String(sealed.dropFirst(3))))
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 1
            #expect(throws: SecretBox.Failure.notAuthentic) {
                try box.open("k1:" + Base64URL.encode(changed), for: "c")
            }
        }
    }

    @Test func refusesKeysItCannotUse() {
        #expect(throws: SecretBox.Failure.self) { try SecretBox(current: "k", keys: ["k": [1, 2, 3]]) }
        #expect(throws: SecretBox.Failure.self) { try SecretBox(current: "k", keys: [:]) }
        #expect(throws: SecretBox.Failure.self) { try SecretBox(current: "a:b", keys: ["a:b": key1]) }
    }
}
