import Testing

@testable import Redis

@Suite(.timeLimit(.minutes(1))) struct BoundedInboxTests {
    @Test func `what is pushed is read in order and then it ends`() async {
        let inbox = BoundedInbox(limit: 10, gap: -1)
        for number in 1...5 { inbox.push(number) }
        inbox.finish()
        inbox.push(6)
        var got: [Int] = []
        for await number in inbox { got.append(number) }
        #expect(got == [1, 2, 3, 4, 5])
    }

    @Test func `a reader that falls behind finds a gap in place of what was thrown away`() async {
        let inbox = BoundedInbox(limit: 3, gap: -1)
        let overflows = (1...4).map { inbox.push($0) }
        #expect(overflows == [false, false, false, true])
        inbox.finish()
        var got: [Int] = []
        for await number in inbox { got.append(number) }
        #expect(got == [-1, 4])
    }

    @Test func `a reader that waits gets elements and gaps at once`() async {
        let inbox = BoundedInbox(limit: 3, gap: -1)
        let reader = Task {
            var iterator = inbox.makeAsyncIterator()
            return [await iterator.next(), await iterator.next(), await iterator.next()]
        }
        inbox.push(1)
        await Task.yield()
        inbox.pushGap()
        inbox.push(2)
        inbox.finish()
        let got = await reader.value
        #expect(got == [1, -1, 2] || got == [-1, 2, nil])
    }

    @Test func `cancelling the reader ends its wait`() async {
        let inbox = BoundedInbox(limit: 3, gap: -1)
        let reader = Task {
            var iterator = inbox.makeAsyncIterator()
            return await iterator.next()
        }
        reader.cancel()
        #expect(await reader.value == nil)
    }
}
