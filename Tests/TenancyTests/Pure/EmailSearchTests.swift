import Foundation
import JSON
import Testing

@testable import Tenancy

@Suite struct EmailSearchTests {
    private let now = Date(timeIntervalSince1970: 1_800_000_000)

    @Test func readsOperators() throws {
        let search = EmailSearch(
            "from:\"Ana Ruiz\" to:shop subject:offer is:unread in:inbox after:2026-01-31 before:2026/02/28 big budget",
            now: now)
        #expect(search.from == ["Ana Ruiz"] && search.to == ["shop"] && search.subject == ["offer"])
        #expect(search.isRead == false && search.folder == .inbox && search.words == "big budget")
        #expect(search.after == Timestamp.parse("2026-01-31T00:00:00Z"))
        #expect(search.before == Timestamp.parse("2026-02-28T00:00:00Z"))
        #expect(EmailSearch("newer_than:2w", now: now).after == now.addingTimeInterval(-14 * 86_400))
    }

    @Test(arguments: ["is:purple", "after:soon", "newer_than:d", "from:", "http://x", "a:b", "newer_than:99999999999d"])
    func takesEverythingElseAsWords(text: String) { #expect(EmailSearch(text, now: now).words == text) }

    @Test func isBounded() {
        let search = EmailSearch(String(repeating: "from:a ", count: 5_000), now: now)
        #expect(search.from.count == 32)
        #expect(EmailSearch("\"unclosed phrase", now: now).words == "unclosed phrase")
        #expect(EmailSearch("", now: now) == EmailSearch())
    }
}
