import Foundation
import Testing

@testable import Mongo

@Suite struct BSONRoundTripTests {
    @Test("The examples of bsonspec.org have exactly the bytes printed there")
    func specification() {
        let hello: BSONDocument = ["hello": "world"]
        #expect(hello.bytes == Array("\u{16}\0\0\0\u{02}hello\0\u{06}\0\0\0world\0\0".utf8))
        let awesome: BSONDocument = ["BSON": ["awesome", 5.05, .int32(1986)]]
        let expected: [UInt8] =
            Array("1\0\0\0\u{04}BSON\0&\0\0\0\u{02}0\0\u{08}\0\0\0awesome\0\u{01}1\0".utf8)
            + [0x33, 0x33, 0x33, 0x33, 0x33, 0x33, 0x14, 0x40] + Array("\u{10}2\0".utf8) + [0xC2, 0x07, 0, 0, 0, 0]
        #expect(awesome.bytes == expected)
    }

    @Test("Any document reads back as it was written, and is well formed", arguments: 0..<20 as Range<UInt64>)
    func generated(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<100 {
            let document = generator.document()
            #expect(document.isWellFormed)
            #expect(BSONDocument(document.map { ($0.key, $0.value) }) == document)
            for (key, value) in document { #expect(document[key] == value) }
        }
    }

    @Test("The builder writes what the literal writes")
    func builder() {
        let id = UUID()
        let built = BSONDocument { writer in
            writer.append("name", "Ada")
            writer.append("id", id)
            writer.append("n", 7)
            writer.append("missing", ifPresent: String?.none)
            writer.appendNull("nothing")
            writer.document("inner") { inner in
                inner.append("at", Date(timeIntervalSince1970: 1.5))
                inner.array("list") { list in
                    for number in 0..<12 { list.append(.int64(Int64(number))) }
                    list.document { $0.append("deep", true) }
                }
            }
            writer.append("after", 1.5)
        }
        var numbers = (0..<12).map { BSONValue.int64($0) }
        numbers.append(["deep": true])
        let literal: BSONDocument = [
            "name": "Ada", "id": .uuid(id), "n": 7, "nothing": nil,
            "inner": ["at": .date(Date(timeIntervalSince1970: 1.5)), "list": .array(numbers)], "after": 1.5,
        ]
        #expect(built == literal)
        #expect(built.keys == ["name", "id", "n", "nothing", "inner", "after"])
    }

    @Test("Typed look-ups find their type and nothing else")
    func lookups() {
        let id = UUID()
        let document: BSONDocument = [
            "text": "a\u{0}b", "n32": .int32(-3), "n64": .int64(.max), "whole": 4.0, "part": 4.5, "huge": 1e300,
            "id": .uuid(id), "at": .date(Date(timeIntervalSince1970: -0.001)), "yes": true, "none": nil,
            "sub": ["x": 1], "list": [1, "b"], "raw": .binary([0, 1]), "": "empty key", "text2": "x", "text": "second",
        ]
        #expect(document.string("text") == "a\u{0}b")
        #expect(document.int64("n32") == -3)
        #expect(document.int("n64") == .max)
        #expect(document.int64("whole") == 4)
        #expect(document.int64("part") == nil)
        #expect(document.int64("huge") == nil)
        #expect(document.double("n32") == -3)
        #expect(document.uuid("id") == id)
        #expect(document.date("at") == Date(timeIntervalSince1970: -0.001))
        #expect(document.bool("yes") == true)
        #expect(document.isNull("none") && document.contains("none") && !document.contains("non"))
        #expect(document.document("sub") == ["x": 1])
        #expect(document.document("list") == nil)
        #expect(document.array("list") == [1, "b"])
        #expect(document.binary("raw") == [0, 1])
        #expect(document.binary("id") == nil)
        #expect(document.string("") == "empty key")
        #expect(document.string("n32") == nil && document.uuid("raw") == nil && document.bool("n32") == nil)
    }

    @Test("A key with U+0000 spoils the document and everything that contains it")
    func keys() {
        #expect(!BSONDocument([("a\u{0}b", 1)]).isSendable)
        #expect(!BSONDocument { $0.document("ok") { $0.append("\u{0}", 1) } }.isSendable)
        #expect(!(["ok": .document(["a\u{0}": 1])] as BSONDocument).isSendable)
        #expect(!(["ok": .array([.document(["a\u{0}": 1])])] as BSONDocument).isSendable)
        #expect(!(["ok": .regex(pattern: "a\u{0}", options: "")] as BSONDocument).isSendable)
        var grown: BSONDocument = ["a": 1]
        grown.append("b\u{0}", 2)
        grown.append("c", 3)
        #expect(!grown.isSendable && grown.isEmpty && grown["a"] == nil && Array(grown).isEmpty)
        #expect((["a": "\u{0}"] as BSONDocument).isSendable)
    }

    @Test("Dates keep their milliseconds, and dates beyond all time do not trap")
    func dates() {
        for milliseconds: Int64 in [0, 1, -1, 1_700_000_000_001, 253_402_300_799_999, -62_135_596_800_000] {
            let document: BSONDocument = ["at": .date(Date(timeIntervalSince1970: Double(milliseconds) / 1000))]
            #expect(document.date("at")?.bsonMilliseconds == milliseconds)
        }
        for seconds in [Double.infinity, -.infinity, .nan, .greatestFiniteMagnitude] {
            #expect((["at": .date(Date(timeIntervalSince1970: seconds))] as BSONDocument).isWellFormed)
        }
    }

    @Test("Appending leaves copies as they were")
    func copies() {
        let original: BSONDocument = ["a": 1]
        var copy = original
        copy.append("b", 2)
        #expect(original == ["a": 1])
        #expect(copy == ["a": 1, "b": 2])
        #expect(BSONDocument().bytes == [5, 0, 0, 0, 0])
    }

    @Test("Object ids have 12 bytes, differ, and print as 24 digits")
    func objectIDs() {
        let ids = (0..<1000).map { _ in BSONObjectID() }
        #expect(Set(ids).count == 1000)
        #expect(ids.allSatisfy { BSONObjectID(bytes: $0.bytes) == $0 && $0.description.count == 24 })
        #expect(BSONObjectID(bytes: Array(0..<12))?.description == "000102030405060708090a0b")
        #expect(BSONObjectID(bytes: [1]) == nil)
    }
}
