import Crypto
import Foundation
import JSON

/// The names under which models know the tools of MCP servers: `mcp_<slug>_<tool>`, at most 64 letters, digits, `_`, `-`.
/// A slug has no underscore, so two servers' tools cannot have the same name.
public enum ExposedName {
    /// What a model's interface allows.
    public static let longest = 64

    /// The name of each tool of one server. Where replacing a character or cutting would give two tools the same name,
    /// and wherever a name is cut, six digits of a hash of the whole name stand at the end.
    public static func names(of tools: [String], slug: String) -> [String: String] {
        let simple = Dictionary(tools.map { ($0, plain($0, slug)) }, uniquingKeysWith: { first, _ in first })
        let counts = Dictionary(simple.values.map { ($0, 1) }, uniquingKeysWith: +)
        return simple.reduce(into: [:]) { names, entry in
            let isUnique = counts[entry.value] == 1 && entry.value.utf8.count <= longest
            names[entry.key] = isUnique ? entry.value : marked(entry.value, of: entry.key, slug)
        }
    }

    private static func plain(_ tool: String, _ slug: String) -> String {
        let letters = tool.unicodeScalars.map { scalar -> Character in
            let isAllowed = scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
            return isAllowed || scalar == "-" ? Character(scalar) : "_"
        }
        return "mcp_\(slug)_" + String(letters)
    }

    private static func marked(_ name: String, of tool: String, _ slug: String) -> String {
        let digest = SHA256.hash(data: Data("\(slug)/\(tool)".utf8)).prefix(3)
        let mark = "_" + digest.hex
        return name.prefix(longest - mark.count) + mark
    }
}
