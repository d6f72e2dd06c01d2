import JSON
import Testing

@testable import Agents

@Suite struct ForeignSchemaTests {
    private static let schema: JSONObject = [
        "type": "object", "required": ["city"], "additionalProperties": false,
        "properties": [
            "city": ["type": "string", "minLength": 1, "maxLength": 5],
            "days": ["type": "integer", "minimum": 1, "maximum": 7],
            "unit": ["enum": ["C", "F"]], "fixed": ["const": 3],
            "tags": ["type": "array", "maxItems": 2, "items": ["type": "string"]],
            "place": ["type": ["object", "null"], "properties": ["lat": ["type": "number"]], "required": ["lat"]],
            "free": true, "odd": ["$ref": "#/$defs/x"],
        ],
    ]

    @Test(
        "accepted",
        arguments: [
            ["city": "Rome"], ["city": "Rome", "days": 7, "unit": "C", "fixed": 3, "tags": ["a", "b"]],
            ["city": "Rome", "place": ["lat": 1.5]], ["city": "Rome", "place": nil], ["city": "R", "free": [1]],
            ["city": "R", "odd": ["x": 1], "days": 2.0],
        ] as [JSONObject])
    func accepted(_ arguments: JSONObject) throws { try ForeignSchema.check(arguments, Self.schema) }

    @Test(
        "refused",
        arguments: [
            [:], ["city": 1], ["city": ""], ["city": "Roma Termini"], ["city": "Rome", "days": 0],
            ["city": "Rome", "days": 8], ["city": "Rome", "days": 1.5], ["city": "Rome", "days": "1"],
            ["city": "Rome", "unit": "K"], ["city": "Rome", "fixed": 4], ["city": "Rome", "tags": ["a", "b", "c"]],
            ["city": "Rome", "tags": [1]], ["city": "Rome", "tags": "a"], ["city": "Rome", "place": [:]],
            ["city": "Rome", "place": ["lat": "1"]], ["city": "Rome", "place": 1], ["city": "Rome", "more": 1],
        ] as [JSONObject])
    func refused(_ arguments: JSONObject) {
        #expect(throws: ToolError.self) { try ForeignSchema.check(arguments, Self.schema) }
    }

    @Test func hugeAndDeepArgumentsAreBounded() throws {
        let huge: JSONObject = ["a": .string(String(repeating: "x", count: 70_000))]
        #expect(throws: ToolError.self) { try ForeignSchema.check(huge, ["type": "object"]) }
        var value: JSONValue = 1
        var schema: JSONValue = ["type": "integer"]
        for _ in 0..<60 {
            value = ["a": value]
            schema = ["properties": ["a": schema]]
        }
        try ForeignSchema.check(value.objectValue ?? [:], schema.objectValue ?? [:])
    }
}
