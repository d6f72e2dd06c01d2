import Synchronization
import Testing

@testable import Server

@Suite struct RelayTests {
    @Test("Who listens hears everything; nobody hears what came before")
    func hears() {
        let relay = Relay<Int>()
        let heard = Mutex<[Int]>([])
        relay.tell(0)
        relay.listen { number in heard.withLock { $0.append(number) } }
        for number in 1...3 { relay.tell(number) }
        #expect(heard.withLock { $0 } == [1, 2, 3])
    }

    @Test("The twenty thousandth call is as short as the first")
    func staysShallow() {
        let relay = Relay<Int>()
        let depths = Mutex<[UInt]>([])
        relay.listen { number in
            var here = number
            let place = withUnsafeMutablePointer(to: &here) { UInt(bitPattern: $0) }
            if number == 1 || number == 20_000 { depths.withLock { $0.append(place) } }
        }
        for number in 1...20_000 { relay.tell(number) }
        let found = depths.withLock { $0 }
        #expect(found.count == 2 && found.first == found.last, "the stack grows from call to call")
    }
}
