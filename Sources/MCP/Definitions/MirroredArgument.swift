import Foundation
import JSON

/// An argument of a tool that travels in a header too (`x-mcp-header`), so that what stands between can route by it.
public struct MirroredArgument: Sendable, Hashable {
    /// What comes after `Mcp-Param-`.
    public let header: String
    /// Where the argument is: names of members, from the outside in.
    public let path: [String]

    /// The header field for these arguments; nil when the argument is absent or null.
    func field(in arguments: JSONObject) -> (name: String, value: String)? {
        var value: JSONValue = .object(arguments)
        for name in path {
            guard let inner = value[name] else { return nil }
            value = inner
        }
        let text: String
        switch value {
        case .string(let string): text = string
        case .bool(let flag): text = flag ? "true" : "false"
        default:
            guard let number = value.integerValue else { return nil }
            text = String(number)
        }
        return ("Mcp-Param-\(header)", Self.headerValue(text))
    }

    /// Text as a header's value: as it is when it is plain ASCII, else in base64 between marks.
    static func headerValue(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
        let isPadded = text.hasPrefix(" ") || text.hasSuffix(" ")
        let looksEncoded = text.hasPrefix("=?base64?") && text.hasSuffix("?=")
        return isPlain && !isPadded && !looksEncoded ? text : "=?base64?\(Data(text.utf8).base64EncodedString())?="
    }
}
