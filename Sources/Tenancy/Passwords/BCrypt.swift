import CCrypt
import Crypto
import Foundation

/// bcrypt by libxcrypt (`$2b$`), over base64(SHA-256(password)): bcrypt itself reads 72 bytes and stops at NUL.
enum BCrypt {
    /// The costs libxcrypt takes.
    static let costs = 4...31

    /// Hashes with a new random salt. Takes about 0.2 s at cost 12: never on a cooperative thread.
    static func hash(_ password: String, cost: Int) -> String? {
        let random = randomBytes(16)
        var setting = [CChar](repeating: 0, count: Int(CRYPT_GENSALT_OUTPUT_SIZE))
        let made = random.withUnsafeBytes { bytes in
            crypt_gensalt_rn(
                "$2b$", UInt(cost), bytes.bindMemory(to: CChar.self).baseAddress, Int32(bytes.count), &setting,
                Int32(setting.count))
        }
        guard made != nil else { return nil }
        return digest(password, setting: string(setting))
    }

    /// Whether `hash` is of `password`, compared in constant time. As slow as hashing.
    static func verify(_ password: String, _ hash: String) -> Bool {
        guard let computed = digest(password, setting: hash) else { return false }
        return constantTimeEqual(Array(computed.utf8), Array(hash.utf8))
    }

    /// The cost that `hash` was made with.
    static func cost(of hash: String) -> Int? {
        let parts = hash.split(separator: "$")
        guard parts.count == 3, parts[0] == "2b" else { return nil }
        return Int(parts[1])
    }

    /// A hash at `cost` that no password has: verifying against it takes as long as against a real one.
    static func dummy(cost: Int) -> String {
        "$2b$\(cost < 10 ? "0" : "")\(cost)$" + String(repeating: "u", count: 21) + "O"
            + String(repeating: ".", count: 31)
    }

    private static func digest(_ password: String, setting: String) -> String? {
        let phrase = Data(SHA256.hash(data: Array(password.utf8))).base64EncodedString()
        // 32 KiB that libxcrypt wants zeroed the first time; on the heap, because thread stacks may be small.
        let scratch = UnsafeMutablePointer<crypt_data>.allocate(capacity: 1)
        memset(scratch, 0, MemoryLayout<crypt_data>.size)
        defer {
            memset(scratch, 0, MemoryLayout<crypt_data>.size)
            scratch.deallocate()
        }
        // crypt_r answers "*0" or "*1" for a setting it cannot use.
        guard let result = crypt_r(phrase, setting, scratch) else { return nil }
        let text = String(cString: result)
        return text.hasPrefix("*") ? nil : text
    }

    private static func string(_ characters: [CChar]) -> String {
        String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
