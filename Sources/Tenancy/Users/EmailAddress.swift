import Foundation

/// An e-mail address in the one spelling it is stored and compared in: composed (NFC) and in lower case.
public struct EmailAddress: Sendable, Hashable {
    /// The address.
    public let text: String

    /// Reads an address of at most 254 bytes: a local part of up to 64 bytes, `@`, a domain of non-empty labels.
    /// Quoted local parts and address literals, which no sign-up form needs, are refused.
    public init?(_ text: String) {
        let normal = text.precomposedStringWithCanonicalMapping.lowercased()
        guard normal.utf8.count <= 254, let at = normal.lastIndex(of: "@") else { return nil }
        let local = normal[..<at]
        let domain = normal[normal.index(after: at)...]
        guard (1...64).contains(local.utf8.count), Self.isPlain(local, allowing: "!#$%&'*+-/=?^_`{|}~."),
            !domain.isEmpty, Self.isPlain(domain, allowing: "-."),
            domain.split(separator: ".", omittingEmptySubsequences: false).allSatisfy({ label in
                (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
            })
        else { return nil }
        self.text = normal
    }

    /// The part after the `@`.
    public var domain: String { String(text[text.index(after: text.lastIndex(of: "@") ?? text.startIndex)...]) }

    private static func isPlain(_ part: Substring, allowing marks: String) -> Bool {
        part.unicodeScalars.allSatisfy { scalar in
            scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                || marks.unicodeScalars.contains(scalar)
                || (!scalar.isASCII && scalar.properties.generalCategory == .nonspacingMark)
        }
    }
}
