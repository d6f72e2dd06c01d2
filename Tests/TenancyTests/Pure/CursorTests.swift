import Foundation
import JSON
import Testing

@testable import Tenancy

@Suite struct CursorTests {
    @Test func comesBackAsItWas() throws {
        let cursor = Cursor(list: "products", values: ["0.607", "ñ \"quoted\""])
        #expect(try Cursor(cursor.text, list: "products", count: 2) == cursor)
        #expect(cursor.text.utf8.allSatisfy { $0 != 43 && $0 != 47 && $0 != 61 })
    }

    @Test(arguments: [
        "", "x", "=", "bm90IGpzb24", "W10", "WyJjdXN0b21lcnMiLCJ4Il0", "WyJwcm9kdWN0cyJd", "WyJwcm9kdWN0cyIsMV0",
    ])
    func refusesWhatItDidNotWrite(text: String) {
        #expect(throws: InvalidFields.self) { try Cursor(text, list: "products", count: 1) }
    }

    @Test func refusesWhatIsTooLong() {
        let long = Cursor(list: "products", values: [String(repeating: "a", count: 2000)])
        #expect(throws: InvalidFields.self) { try Cursor(long.text, list: "products", count: 1) }
    }

    @Test func refusesAnIdThatIsNone() throws {
        let cursor = try Cursor(Cursor(list: "products", values: ["1; DROP"]).text, list: "products", count: 1)
        #expect(throws: InvalidFields.self) { try cursor.id(0) }
    }

    @Test(arguments: [(0, 1), (-5, 1), (1, 1), (200, 200), (201, 200), (Int.max, 200)])
    func limitsStayInside(given: Int, used: Int) {
        #expect(PageRequest(limit: given).limit == used)
    }

    @Test func aPageKnowsWhetherThereIsANext() {
        let full = Page(rows: [1, 2, 3], limit: 2) { Cursor(list: "n", values: ["\($0)"]) }
        #expect(full.items == [1, 2])
        #expect(full.nextCursor == Cursor(list: "n", values: ["2"]).text)
        let last = Page(rows: [1, 2], limit: 2) { Cursor(list: "n", values: ["\($0)"]) }
        #expect(last.nextCursor == nil)
        #expect(Page(items: ["a"], nextCursor: nil).encodedString == #"{"data":["a"],"nextCursor":null}"#)
    }
}
