import JSON
import Mongo
import Testing

@testable import Conversations

@Suite struct FreeFormTests {
    static let values: [JSONValue] = [
        nil, true, 0, -1, .integer(.max), .integer(.min), 0.1, -0.0, 1e300, "", "ünï \u{1F600} \"\\\n", [], [:],
        [nil, [[]], [:]], ["a": ["b": ["c": nil]]], ["$where": "1"], ["a.b": 1], ["": ["": ""]],
        ["ok": ["$set": ["x": [1, ["y.z": 2.5]]]]], [["$ref": "x", "$id": 1]], ["z": 1, "a": 2, "m": 3],
        ["number": 1.0], ["é": "é"],
    ]

    @Test(arguments: values)
    func jsonSurvives(value: JSONValue) throws {
        let document = BSONDocument { $0.append("x", FreeForm.bson(value)) }
        #expect(document.isWellFormed)
        let stored = try #require(document["x"])
        #expect(FreeForm.json(stored) == value)
        #expect(FreeForm.json(stored).encodedString == value.encodedString, "also in order and kind of number")
    }

    @Test func deepNestingSurvives() throws {
        var value: JSONValue = "bottom"
        for level in 0..<400 { value = level % 2 == 0 ? [value] : ["k": value] }
        let document = BSONDocument { $0.append("x", FreeForm.bson(value)) }
        #expect(document.isWellFormed)
        #expect(FreeForm.json(try #require(document["x"])) == value)
    }

    /// No key that MongoDB might interpret is ever a key in BSON.
    @Test(arguments: values)
    func nothingInBSONCanBeInterpreted(value: JSONValue) {
        func check(_ value: BSONValue) {
            switch value {
            case .document(let document):
                for (key, value) in document {
                    #expect(!key.isEmpty && !key.hasPrefix("$") && !key.contains("."))
                    check(value)
                }
            case .array(let values): values.forEach(check)
            default: break
            }
        }
        check(FreeForm.bson(value))
    }
}
