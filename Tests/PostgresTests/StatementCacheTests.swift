import Testing

@testable import Postgres

@Suite struct StatementCacheTests {
    @Test func theLeastRecentlyUsedGivesWay() {
        var cache = StatementCache(capacity: 2)
        #expect(cache.insert("a", for: "SELECT 1") == [])
        #expect(cache.insert("b", for: "SELECT 2") == [])
        #expect(cache.name(of: "SELECT 1") == "a")
        #expect(cache.insert("c", for: "SELECT 3") == ["b"])
        #expect(cache.name(of: "SELECT 2") == nil)
        #expect(cache.name(of: "SELECT 1") == "a")
        #expect(cache.count == 2)
    }

    @Test func preparingTheSameTextTwiceDropsTheFirst() {
        var cache = StatementCache(capacity: 2)
        _ = cache.insert("a", for: "SELECT 1")
        #expect(cache.insert("b", for: "SELECT 1") == ["a"])
        #expect(cache.remove("SELECT 1") == "b")
        #expect(cache.remove("SELECT 1") == nil)
    }

    @Test func namesAreNeverUsedAgain() {
        var cache = StatementCache(capacity: 1)
        #expect(Set((0..<100).map { _ in cache.newName() }).count == 100)
    }
}
