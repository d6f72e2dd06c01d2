import Crypto

/// HMAC-SHA256 as RFC 2104 writes it, apart from what is tested.
enum HMACReference {
    static func hex(_ message: [UInt8], key: [UInt8]) -> String {
        let padded = key + [UInt8](repeating: 0, count: 64 - key.count)
        let inner = SHA256.hash(data: padded.map { $0 ^ 0x36 } + message)
        let outer = SHA256.hash(data: padded.map { $0 ^ 0x5C } + Array(inner))
        return outer.map { byte in
            let digits = Array("0123456789abcdef")
            return "\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
        }.joined()
    }
}
