import Foundation
import Testing

@testable import Server

@Suite struct PresenceBookTests {
    private let stream = PresenceBook.Stream(companyId: UUID(), userId: UUID(), conversationId: UUID())

    @Test func onlyTheFirstAndTheLastStreamChangeAnything() {
        var book = PresenceBook()
        book.open(stream)
        book.open(stream)
        #expect(book.takeChanges()[stream.companyId]?.come == [stream])
        book.close(stream)
        #expect(book.takeChanges().isEmpty)
        book.close(stream)
        #expect(book.takeChanges()[stream.companyId]?.gone == [stream])
        #expect(book.all.isEmpty && book.streams(of: stream.companyId).isEmpty)
    }

    @Test func whoLeavesAndComesBackAtOnceIsThere() {
        var book = PresenceBook()
        book.open(stream)
        _ = book.takeChanges()
        book.close(stream)
        book.open(stream)
        let change = book.takeChanges()[stream.companyId]
        #expect(change?.come == [stream] && change?.gone.isEmpty == true)
        #expect(book.streams(of: stream.companyId) == [stream])
    }
}
