import Foundation
import JSON
import Testing

@Suite struct JSONWriterTests {
    @Test func writesNestedStructures() {
        var writer = JSONWriter()
        writer.object { writer in
            writer.field("text", "a\"\\\n\u{1}é")
            writer.field("absent", String?.none)
            writer.field("list", [1, 2])
            writer.field("inner", object: { $0.field("on", true) })
            writer.field(
                "items",
                array: { writer in
                    writer.object { _ in }
                    writer.object { $0.field("x", 1.5) }
                })
            writer.field(key: "k\"", JSONValue.null)
        }
        #expect(
            String(decoding: writer.bytes, as: UTF8.self)
                == #"{"text":"a\"\\\n\u0001é","absent":null,"list":[1,2],"inner":{"on":true},"items":[{},{"x":1.5}],"k\"":null}"#
        )
    }

    @Test func keepsMembersInOrder() throws {
        let text = #"{"z":1,"a":{"y":[{"c":1,"b":2}]},"m":null}"#
        #expect(try JSONValue.parse(text).encodedString == text)
    }

    @Test func mergesPatchesAsRFC7396() throws {
        let cases = [
            (#"{"a":"b"}"#, #"{"a":"c"}"#, #"{"a":"c"}"#), (#"{"a":"b"}"#, #"{"a":null}"#, "{}"),
            (#"{"a":{"b":"c","d":1}}"#, #"{"a":{"b":"d","d":null}}"#, #"{"a":{"b":"d"}}"#),
            (#"{"a":[1]}"#, #"{"a":{"x":null,"y":1}}"#, #"{"a":{"y":1}}"#),
        ]
        for (target, patch, expected) in cases {
            let target = try #require(JSONValue.parse(target).objectValue)
            let patch = try #require(JSONValue.parse(patch).objectValue)
            #expect(JSONValue.object(target.merged(with: patch)).encodedString == expected)
        }
    }
}
