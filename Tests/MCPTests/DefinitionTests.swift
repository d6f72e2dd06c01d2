import JSON
import Testing

@testable import MCP

@Suite struct DefinitionTests {
    private func tool(
        _ name: JSONValue = "echo", description: JSONValue = "Says it.", schema: JSONValue = ["type": "object"],
        annotations: JSONValue = [:]
    ) throws(MCPError) -> MCPToolDefinition {
        try MCPToolDefinition(listed: [
            "name": name, "description": description, "inputSchema": schema, "annotations": annotations,
        ])
    }

    @Test func everyPartOfADefinitionCountsInItsHash() throws {
        let schema: JSONValue = ["type": "object", "properties": ["a": ["type": "string"], "b": ["type": "integer"]]]
        let turned: JSONValue = ["properties": ["b": ["type": "integer"], "a": ["type": "string"]], "type": "object"]
        let hash = try tool(schema: schema).hash
        #expect(hash.utf8.count == 64)
        #expect(try tool(schema: turned).hash == hash)
        let others = [
            try tool("echo2", schema: schema), try tool(description: "Says it!", schema: schema), try tool(),
            try tool(schema: schema, annotations: ["readOnlyHint": true]),
            try tool(schema: schema, annotations: ["readOnlyHint": false]),
            try tool(schema: ["type": "object", "properties": ["a": ["type": "string"], "b": ["type": "number"]]]),
            // The same letters in other places.
            try tool("ech", description: "oSays it.", schema: schema),
        ].map(\.hash)
        #expect(Set(others + [hash]).count == others.count + 1)
    }

    @Test(
        "names that the protocol does not allow",
        arguments: ["", "a b", "a/b", "ä", "a\u{200B}", "a\n", String(repeating: "a", count: 129)])
    func badNames(_ name: String) { #expect(throws: MCPError.self) { try tool(.string(name)) } }

    private static let mark: JSONValue = ["type": "string", "x-mcp-header": "Region"]

    @Test(
        "schemas out of bounds",
        arguments: [
            "text", [:], ["type": "string"], ["properties": [:]],
            ["type": "object", "properties": ["a": ["$ref": "https://evil.example.com/schema"]]],
            ["type": "object", "$defs": ["a": ["$dynamicRef": "file:///etc/passwd"]]],
            ["type": "object", "description": .string(String(repeating: "x", count: 40_000))],
            // x-mcp-header where it must not be, or with a value it must not have.
            ["type": "object", "x-mcp-header": "Region"],
            ["type": "object", "properties": ["a": ["type": "array", "items": mark]]],
            ["type": "object", "anyOf": [["properties": ["a": mark]]]],
            ["type": "object", "$defs": ["a": mark]],
            ["type": "object", "properties": ["a": mark, "b": ["type": "string", "x-mcp-header": "REGION"]]],
            ["type": "object", "properties": ["a": ["type": "number", "x-mcp-header": "Region"]]],
            ["type": "object", "properties": ["a": ["type": "object", "x-mcp-header": "Region"]]],
            ["type": "object", "properties": ["a": ["x-mcp-header": "Region"]]],
            ["type": "object", "properties": ["a": ["type": "string", "x-mcp-header": ""]]],
            ["type": "object", "properties": ["a": ["type": "string", "x-mcp-header": "A B"]]],
            ["type": "object", "properties": ["a": ["type": "string", "x-mcp-header": "A\r\nHost"]]],
            ["type": "object", "properties": ["a": ["type": "string", "x-mcp-header": 1]]],
        ] as [JSONValue])
    func badSchemas(_ schema: JSONValue) { #expect(throws: MCPError.self) { try tool(schema: schema) } }

    @Test func deepSchemasAreRefused() {
        var schema: JSONValue = ["type": "string"]
        for _ in 0..<40 { schema = ["type": "object", "properties": ["a": schema]] }
        #expect(throws: MCPError.self) { try tool(schema: schema) }
    }

    @Test func argumentsAreMirrored() throws {
        let tool = try tool(schema: [
            "type": "object",
            "properties": [
                "region": Self.mark, "x-mcp-header": ["type": "string"],
                "options": ["type": "object", "properties": ["limit": ["type": "integer", "x-mcp-header": "Limit"]]],
                "dry": ["type": "boolean", "x-mcp-header": "Dry"],
            ],
        ])
        func fields(_ arguments: JSONObject) -> [String: String] {
            Dictionary(
                tool.mirrored.compactMap { $0.field(in: arguments) }.map { ($0.name, $0.value) },
                uniquingKeysWith: { first, _ in first })
        }
        #expect(
            fields(["region": "eu", "options": ["limit": 42], "dry": false])
                == ["Mcp-Param-Region": "eu", "Mcp-Param-Limit": "42", "Mcp-Param-Dry": "false"])
        #expect(fields([:]).isEmpty && fields(["region": nil, "options": 1]).isEmpty)
        let line = fields(["region": "a\r\nHost: evil"])["Mcp-Param-Region"]
        #expect(line == "=?base64?YQ0KSG9zdDogZXZpbA==?=")
        #expect(fields(["region": "Zürich"])["Mcp-Param-Region"] == "=?base64?WsO8cmljaA==?=")
        #expect(fields(["region": " eu"])["Mcp-Param-Region"] == "=?base64?IGV1?=")
        #expect(fields(["region": "=?base64?x?="])["Mcp-Param-Region"] == "=?base64?PT9iYXNlNjQ/eD89?=")
    }

    @Test func exposedNamesAreSafeAndDistinct() {
        let long = String(repeating: "a", count: 128)
        let tools = ["read", "read.file", "read_file", "list-all", long, String(repeating: "a", count: 127) + "b"]
        let names = ExposedName.names(of: tools, slug: "files")
        #expect(names["read"] == "mcp_files_read" && names["list-all"] == "mcp_files_list-all")
        #expect(Set(names.values).count == tools.count)
        for name in names.values {
            #expect(name.utf8.count <= 64 && name.hasPrefix("mcp_files_"))
            #expect(name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") })
        }
        #expect(names[long]?.utf8.count == 64)
        // A name does not hang on the others' order.
        #expect(ExposedName.names(of: tools.reversed(), slug: "files") == names)
    }
}
