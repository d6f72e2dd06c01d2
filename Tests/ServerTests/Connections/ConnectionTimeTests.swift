import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import Server

/// When a connection ends on which nothing comes, on a loop whose time the test moves.
@Suite struct ConnectionTimeTests {
    private static let head = HTTPRequestHead(version: .http1_1, method: .POST, uri: "/")

    /// A connection whose requests are never answered.
    private func connection(
        _ respond: @escaping ConnectionHandler.Responder = { _ in
            try await Task.sleep(for: .seconds(3600))
            return .noContent
        }
    ) throws -> EmbeddedChannel {
        let channel = EmbeddedChannel()
        let handler = ConnectionHandler(
            channel: channel, respond: respond, open: OpenConnections(), idleTime: .seconds(60))
        try channel.pipeline.syncOperations.addHandler(handler)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        return channel
    }

    private func send(_ part: HTTPServerRequestPart, to channel: EmbeddedChannel) throws {
        // As one read after which the next one follows at once: what came is not begun with yet.
        channel.pipeline.fireChannelRead(part)
    }

    @Test func whoSaysNothingIsLetGo() throws {
        let channel = try connection()
        channel.embeddedEventLoop.advanceTime(by: .seconds(59))
        #expect(channel.isActive)
        channel.embeddedEventLoop.advanceTime(by: .seconds(2))
        #expect(!channel.isActive)
    }

    /// The time that is left when something came must not become the time that is given from then on.
    @Test func whoGoesOnIsGivenTheWholeTimeAnew() throws {
        let channel = try connection()
        try send(.head(Self.head), to: channel)
        for _ in 0..<20 {
            channel.embeddedEventLoop.advanceTime(by: .seconds(50))
            #expect(channel.isActive)
            try send(.body(ByteBuffer(string: "x")), to: channel)
        }
        channel.embeddedEventLoop.advanceTime(by: .seconds(61))
        #expect(!channel.isActive)
    }

    @Test func whoWaitsForTheAnswerIsNot() throws {
        let channel = try connection()
        try send(.head(Self.head), to: channel)
        try send(.end(nil), to: channel)
        channel.embeddedEventLoop.advanceTime(by: .seconds(600))
        #expect(channel.isActive)
        try channel.close().wait()
    }

    @Test func anAnswerThatIsHeldBackComesWhenItsTimeHasCome() throws {
        let channel = try connection { _ in
            var answer = Answer.noContent
            answer.delay = .milliseconds(50)
            return answer
        }
        try send(.head(Self.head), to: channel)
        try send(.end(nil), to: channel)
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(49))
        #expect(try channel.readOutbound(as: ByteBuffer.self) == nil)
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(2))
        #expect(
            try channel.readOutbound(as: ByteBuffer.self).map { String(buffer: $0) }?.hasPrefix("HTTP/1.1 204 ") == true
        )
        try channel.close().wait()
    }
}
