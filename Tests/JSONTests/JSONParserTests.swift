import JSON
import Testing

@Suite struct JSONParserTests {
    static let accepted: [(String, JSONValue)] = [
        ("null", .null), (" true ", true), ("-12", -12), ("0", 0), ("1.5e3", 1500.0), ("\"a\"", "a"),
        ("[1,[],{}]", [1, [], [:]]), (#"{"b":1,"a":{"c":[null]}}"#, ["b": 1, "a": ["c": [nil]]]),
        (#""\u00e9\n\"\\\/\ud83d\ude00""#, "é\n\"\\/😀"),
        ("9223372036854775807", .integer(.max)), ("9223372036854775808", .number(9_223_372_036_854_775_808)),
    ]

    @Test(arguments: accepted)
    func reads(_ text: String, _ expected: JSONValue) throws {
        #expect(try JSONValue.parse(text) == expected)
    }

    @Test(arguments: [
        ("", JSONError.Code.syntax), ("nul", .syntax), ("01", .syntax), ("1.", .syntax), ("+1", .syntax),
        ("-", .syntax),
        ("[1,]", .syntax), ("{\"a\":1,}", .syntax), ("{a:1}", .syntax), ("[1 2]", .syntax), ("1 2", .syntax),
        ("\"\n\"", .syntax), ("\"abc", .syntax), (#""\x""#, .syntax), (#""\u12"#, .syntax), ("'a'", .syntax),
        (#""\u0000""#, .nulCharacter), (#""\ud800""#, .encoding), (#""\ud800\u0041""#, .encoding),
        (#""\udc00""#, .encoding), (#"{"a":1,"a":2}"#, .duplicateKey), ("1e999", .numberRange),
    ])
    func refuses(_ text: String, _ code: JSONError.Code) {
        let error = #expect(throws: JSONError.self) { try JSONValue.parse(text) }
        #expect(error?.code == code)
    }

    @Test func refusesBadUTF8() {
        let error = #expect(throws: JSONError.self) { try JSONValue.parse([0x22, 0xC3, 0x28, 0x22]) }
        #expect(error?.code == .encoding)
    }

    @Test func boundsNesting() throws {
        let fits = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        _ = try JSONValue.parse(fits)
        let error = #expect(throws: JSONError.self) { try JSONValue.parse("[" + fits + "]") }
        #expect(error?.code == .tooDeep)
        #expect(throws: JSONError.self) { try JSONValue.parse(String(repeating: "[", count: 1_000_000)) }
    }

    @Test func findsADuplicateAmongMany() {
        let members = (0..<5000).map { "\"k\($0)\":1" } + ["\"k4321\":2"]
        let error = #expect(throws: JSONError.self) { try JSONValue.parse("{" + members.joined(separator: ",") + "}") }
        #expect(error?.code == .duplicateKey)
    }

    /// Whatever bytes come, the parser answers and never traps.
    @Test func survivesMutations() {
        var generator = SeededGenerator(seed: 7)
        let seed = Array(#"{"a":[1,-2.5e3,"x\u00e9\\",true,null],"b":{"c":"\ud83d\ude00"}}"#.utf8)
        for _ in 0..<20_000 {
            var bytes = seed
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                bytes[Int.random(in: bytes.indices, using: &generator)] = .random(in: 0...255, using: &generator)
            }
            if let value = try? JSONValue.parse(bytes) { #expect((try? JSONValue.parse(value.encoded)) == value) }
        }
    }
}

struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
