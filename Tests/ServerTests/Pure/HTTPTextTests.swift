import HTTPTypes
import JSON
import Testing

@testable import Server

@Suite struct HTTPTextTests {
    private func items(_ query: String) throws -> [String] {
        try QueryText.items(query[...]).map { "\($0.name)=\($0.value)" }
    }

    @Test func readsQueriesAsBrowsersWriteThem() throws {
        #expect(try items("") == [])
        #expect(try items("q=12+week%20plan&limit=5") == ["q=12 week plan", "limit=5"])
        #expect(try items("&&q&x=&a=b=c") == ["q=", "x=", "a=b=c"])
        #expect(try items("%71=%C3%A9%2B") == ["q=é+"])
    }

    @Test(arguments: ["q=%zz", "q=%4", "q=%", "q=%ff%fe", "%c3=1", "q=%ED%A0%80"])
    func refusesBrokenEscapes(_ query: String) {
        #expect(throws: Problem.self) { try items(query) }
    }

    @Test func refusesAParameterThatIsGivenTwice() {
        #expect(throws: Problem.self) {
            try QueryParameter.read(QueryParameter.page, from: [("limit", "1"), ("limit", "2")])
        }
    }

    @Test func namesARequiredParameter() throws {
        let key = QueryParameter("key", .text(1...64), "", isRequired: true)
        #expect { try QueryParameter.read([key], from: []) } throws: { error in
            (error as? Problem)?.errors.map(\.code) == ["required"]
        }
    }

    @Test(arguments: [("\"v3\"", 3), ("\"v12-0a1b\"", 12), ("\"v0-\"", 0)])
    func readsTheVersionInATag(_ tag: String, _ version: Int) { #expect(ETag.version(tag) == version) }

    @Test(arguments: ["v3", "\"v\"", "\"3\"", "W/\"v3\"", "\"v-1\"", "\"v99999999999999999999\"", "\"v3", "\"v３\"", ""])
    func refusesOtherTags(_ tag: String) { #expect(ETag.version(tag) == nil) }

    @Test func tagsARowByItsVersionAndItsBytes() {
        let first = Answer.json(["seq": 1] as JSONValue).tagged(7).headers[.eTag]
        let second = Answer.json(["seq": 2] as JSONValue).tagged(7).headers[.eTag]
        #expect(first != second)
        #expect(first.flatMap { ETag.version($0) } == 7)
    }
}
