import JSON
import MCP
import Tenancy

/// What of a result agents get: where it comes from, that it is not to be trusted, and at most
/// ``MCPTools/resultBytes`` of it.
enum MCPToolResult {
    /// Bytes of the words with which a tool says that it failed.
    private static let errorBytes = 2_000

    /// - Throws: ``ToolError/failed(_:)`` with the tool's words when it says that it failed.
    static func json(_ result: MCPResult, from server: ToolServer) throws(ToolError) -> JSONValue {
        if result.isError { throw .failed("The tool says that it failed: \(cut(result.text, errorBytes))") }
        var json: JSONObject = ["source": .string("mcp:\(server.slug)"), "trust": "external"]
        var left = MCPTools.resultBytes
        if let structured = result.structured, structured.encoded.count <= left {
            json["structured"] = .object(structured)
            left -= structured.encoded.count
        }
        let text = cut(result.text, left)
        json["text"] = .string(text)
        if text.utf8.count < result.text.utf8.count || (result.structured != nil && json["structured"] == nil) {
            json["cut"] = true
        }
        return .object(json)
    }

    /// The beginning of a text that has at most so many bytes of UTF-8, ending between characters.
    static func cut(_ text: String, _ bytes: Int) -> String {
        guard text.utf8.count > bytes else { return text }
        var end = text.utf8.index(text.startIndex, offsetBy: max(bytes, 0))
        while end.samePosition(in: text.unicodeScalars) == nil { end = text.utf8.index(before: end) }
        return String(text.unicodeScalars[..<end])
    }
}
