import JSON
import Tenancy
import Testing

@testable import Server

@Suite struct SchemaTests {
    private let schema = Schema.object([
        .required("name", .text(1...5, notBlank: true)), .optional("age", .integer(0...150).orNull),
        .optional("kind", .words(["a", "b"])), .optional("tags", .array(of: .text(1...3), count: 0...2)),
        .optional("mail", .text(format: .email)), .optional("inner", .object([.required("id", .identifier)])),
    ])

    private func faults(_ text: String) throws -> [String] {
        var errors: [FieldError] = []
        schema.check(try JSONValue.parse(text), at: "", into: &errors)
        return errors.map { "\($0.field) \($0.code)" }
    }

    @Test func acceptsWhatFits() throws {
        #expect(try faults(#"{"name":"Ana","age":null,"kind":"b","tags":["x"],"mail":"a@b.c","unknown":1}"#) == [])
        #expect(try faults(#"{"name":"ééééé","age":3.0}"#) == [])
    }

    @Test func anIntegerOfMoreThan64BitsIsOutOfRange() throws {
        let schema = Schema.integer(0 ... .max)
        for text in ["422625267457966669824", "-1", "9223372036854775808", "1e300"] {
            var errors: [FieldError] = []
            schema.check(try JSONValue.parse(text), at: "seq", into: &errors)
            #expect(errors.map(\.code) == ["out_of_range"], "\(text)")
        }
        var errors: [FieldError] = []
        schema.check(0.5, at: "seq", into: &errors)
        #expect(errors.map(\.code) == ["type"])
        #expect(schema.description(in: .request)["maximum"] == .integer(.max))
        #expect(schema.description(in: .answer)["maximum"] == nil)
    }

    @Test func anObjectMayBeGivenByItsTextAlone() throws {
        let schema = Schema.object([.required("content", .text(1...5)), .optional("role", .words(["a"]))])
            .orText(of: "content")
        func faults(_ value: JSONValue) -> [String] {
            var errors: [FieldError] = []
            schema.check(value, at: "message", into: &errors)
            return errors.map { "\($0.field) \($0.code)" }
        }
        #expect(faults("hello") == [] && faults(["content": "hello"]) == [])
        #expect(faults("too long") == ["message too_long"])
        #expect(faults(["role": "b"]) == ["message.content required", "message.role not_allowed"])
        #expect(faults(5) == ["message type"])
        #expect(schema.description(in: .request)["anyOf"]?.arrayValue?.map { $0["type"] } == ["object", "string"])
    }

    @Test func namesEveryFaultAtOnce() throws {
        #expect(
            try faults(#"{"name":"","age":200,"kind":"c","tags":["","x"],"mail":"no","inner":{}}"#)
                == [
                    "name too_short", "age out_of_range", "kind not_allowed", "tags[0] too_short", "mail format",
                    "inner.id required",
                ])
        #expect(
            try faults(#"{"age":"x","kind":null,"tags":{},"inner":[]}"#)
                == ["name required", "age type", "kind type", "tags type", "inner type"])
        #expect(try faults(#"{"name":"toolong","tags":["a","b","c"]}"#) == ["name too_long", "tags out_of_range"])
        #expect(try faults(#"{"name":" \n "}"#) == ["name too_short"])
    }

    @Test(arguments: ["ana@example.com", "a.b+c@sub.example.org", "ñ@exämple.es", "x@localhost"])
    func acceptsAddresses(_ text: String) { #expect(TextFormat.email.accepts(text)) }

    @Test(arguments: [
        "", "a", "@b.c", "a@", "a@@b.c", "a b@c.d", "a@b..c", ".a@b.c", "a@-b.c", "a,b@c.d", "a\u{0}@b.c",
    ])
    func refusesAddresses(_ text: String) { #expect(!TextFormat.email.accepts(text)) }

    @Test(arguments: [("mem", true), ("a1-b", true), ("a", false), ("1a", false), ("Mem", false), ("a_b", false)])
    func knowsAgentNames(_ text: String, _ accepted: Bool) { #expect(TextFormat.agentName.accepts(text) == accepted) }

    @Test func readsQueriesByTheirTypes() throws {
        let parameters =
            QueryParameter.page + [QueryParameter("active", .boolean, ""), QueryParameter("q", .text(1...3), "")]
        let input = try QueryParameter.read(
            parameters, from: [("limit", "7"), ("active", "true"), ("q", "12"), ("x", "y")])
        #expect(
            input.integer("limit") == 7 && input.flag("active") == true && input.string("q") == "12" && !input.has("x"))
        let problem = #expect(throws: Problem.self) {
            try QueryParameter.read(parameters, from: [("limit", "0"), ("active", "maybe"), ("q", "long")])
        }
        #expect(problem?.errors.map(\.field) == ["limit", "active", "q"])
    }

    @Test func describesItselfForTheDocument() throws {
        let text = schema.description(in: .request).encodedString
        #expect(text.contains(#""name":{"type":"string","minLength":1,"maxLength":5,"pattern":"\\S"}"#))
        #expect(text.contains(#""age":{"type":["integer","null"],"minimum":0,"maximum":150}"#))
        #expect(text.hasSuffix(#""required":["name"]}"#))
    }
}
