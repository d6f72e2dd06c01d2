import JSON

/// What a schema from a server may be: an object's, small, flat enough, without references to elsewhere, and with
/// `x-mcp-header` only where the protocol has a meaning for it.
enum SchemaBounds {
    static let maximumBytes = 32 * 1_024
    static let maximumDepth = 24

    /// Checks a schema of arguments.
    /// - Returns: the arguments that are mirrored into headers.
    static func check(_ schema: JSONObject) throws(MCPError) -> [MirroredArgument] {
        guard schema["type"]?.stringValue == "object" else { throw fault("is not one of an object") }
        guard schema.encoded.count <= maximumBytes else { throw fault("has more than \(maximumBytes) bytes") }
        try checkReferences(.object(schema), depth: 0)
        var found: [MirroredArgument] = []
        try mirrored(schema, path: [], into: &found)
        return found
    }

    private static func checkReferences(_ value: JSONValue, depth: Int) throws(MCPError) {
        guard depth <= maximumDepth else { throw fault("is nested too deep") }
        switch value {
        case .array(let elements): for element in elements { try checkReferences(element, depth: depth + 1) }
        case .object(let members):
            for (key, value) in members {
                if ["$ref", "$dynamicRef", "$schema"].contains(key), let target = value.stringValue, key != "$schema",
                    !target.hasPrefix("#")
                {
                    throw fault("refers to another document")
                }
                try checkReferences(value, depth: depth + 1)
            }
        default: break
        }
    }

    /// Walks what is reachable by `properties` alone; the mark anywhere else makes the definition invalid.
    private static func mirrored(
        _ schema: JSONObject, path: [String], into found: inout [MirroredArgument]
    ) throws(MCPError) {
        if let mark = schema["x-mcp-header"] {
            guard !path.isEmpty, let header = mark.stringValue, isToken(header),
                ["string", "integer", "boolean"].contains(schema["type"]?.stringValue ?? ""),
                !found.contains(where: { $0.header.lowercased() == header.lowercased() })
            else { throw fault("has an x-mcp-header that the protocol does not allow") }
            found.append(MirroredArgument(header: header, path: path))
        }
        for (key, value) in schema where key != "x-mcp-header" {
            guard key == "properties", let properties = value.objectValue else {
                if holdsMark(value) { throw fault("has an x-mcp-header where the protocol does not allow one") }
                continue
            }
            for (name, property) in properties {
                if let object = property.objectValue { try mirrored(object, path: path + [name], into: &found) }
            }
        }
    }

    private static func holdsMark(_ value: JSONValue) -> Bool {
        switch value {
        case .array(let elements): elements.contains(where: holdsMark)
        case .object(let members): members.contains { $0.key == "x-mcp-header" || holdsMark($0.value) }
        default: false
        }
    }

    private static func isToken(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || "!#$%&'*+-.^_`|~".utf8.contains(byte)
            }
    }

    private static func fault(_ what: String) -> MCPError { .malformed("has a tool whose schema \(what)") }
}
