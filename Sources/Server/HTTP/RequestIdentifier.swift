import Foundation
import JSON

/// The rule for request ids that come from outside.
enum RequestIdentifier {
    /// Up to 128 visible ASCII characters without quotes, commas and semicolons: safe in headers, logs and pages.
    static func isSane(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
                    || byte == UInt8(ascii: ":")
            }
    }

    /// The caller's id when it is sane, else a new one.
    static func choose(_ offered: String?) -> String {
        if let offered, isSane(offered) { return offered }
        return UUID.v7().lowercased
    }
}
