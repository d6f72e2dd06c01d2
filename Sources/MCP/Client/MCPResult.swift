public import JSON

/// What a tool of an MCP server answered. All of it is somebody else's text.
public struct MCPResult: Sendable, Hashable {
    /// Whether the tool says that it failed.
    public var isError: Bool
    /// The texts, and a line for each thing that is no text, in order.
    public var text: String
    /// The structured result, when there is one.
    public var structured: JSONObject?

    /// Reads the result of `tools/call`.
    /// - Throws: ``MCPError`` of code `unsupported` when the tool wants to ask something back, `malformed` for what is no
    ///   result.
    init(_ result: JSONObject) throws(MCPError) {
        switch result["resultType"]?.stringValue ?? "complete" {
        case "complete": break
        case "input_required": throw MCPError(.unsupported, "the tool needs input we do not support")
        default: throw .malformed("is of an unknown kind")
        }
        isError = result["isError"]?.boolValue ?? false
        structured = result["structuredContent"]?.objectValue
        text = (result["content"]?.arrayValue ?? []).map(Self.text).joined(separator: "\n")
    }

    private static func text(_ content: JSONValue) -> String {
        switch content["type"]?.stringValue {
        case "text": return content["text"]?.stringValue ?? ""
        case "resource" where content["resource"]?["text"]?.stringValue != nil:
            return content["resource"]?["text"]?.stringValue ?? ""
        case "image", "audio":
            let kind = content["type"]?.stringValue ?? ""
            let bytes = (content["data"]?.stringValue?.utf8.count ?? 0) / 4 * 3
            return "[\(kind), \(word(content["mimeType"])), \(bytes) bytes, not shown]"
        case "resource_link": return "[link to a resource: \(word(content["name"]))]"
        default: return "[content that is not shown]"
        }
    }

    private static func word(_ value: JSONValue?) -> String { String((value?.stringValue ?? "unknown").prefix(100)) }
}
