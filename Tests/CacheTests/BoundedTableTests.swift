import Testing

@testable import Cache

@Suite struct BoundedTableTests {
    @Test func `what was used longest ago makes room`() {
        var table = BoundedTable<String, Int>(limit: 3)
        for (key, value) in [("a", 1), ("b", 2), ("c", 3)] { table.set(value, for: key) }
        let a = table.value("a")
        #expect(a == 1)
        table.set(4, for: "d")
        let kept = ["a", "b", "c", "d"].map { table.value($0) }
        #expect(kept == [1, nil, 3, 4])
        #expect(table.count == 3)
    }

    @Test func `weights are counted, and what is too heavy is not kept`() {
        var table = BoundedTable<String, Int>(limit: 10)
        table.set(1, for: "a", weight: 4)
        table.set(2, for: "b", weight: 4)
        table.set(3, for: "c", weight: 4)
        #expect(table.weight == 8)
        table.set(9, for: "b", weight: 11)
        let b = table.value("b")
        #expect(b == nil)
        #expect(table.weight == 4)
    }

    @Test func `it agrees with a plain list under random use`() {
        var generator = SystemRandomNumberGenerator()
        var table = BoundedTable<Int, Int>(limit: 8)
        var model: [(key: Int, value: Int)] = []
        for step in 0..<5_000 {
            let key = Int.random(in: 0..<16, using: &generator)
            switch Int.random(in: 0..<4, using: &generator) {
            case 0:
                table.remove(key)
                model.removeAll { $0.key == key }
            case 1:
                table.set(step, for: key)
                model.removeAll { $0.key == key }
                model.append((key, step))
                if model.count > 8 { model.removeFirst() }
            default:
                let expected = model.first { $0.key == key }?.value
                if let index = model.firstIndex(where: { $0.key == key }) { model.append(model.remove(at: index)) }
                let value = table.value(key)
                #expect(value == expected)
            }
            #expect(table.count == model.count)
        }
        table.removeAll { $0.isMultiple(of: 2) }
        #expect(table.count == model.filter { !$0.key.isMultiple(of: 2) }.count)
    }
}
