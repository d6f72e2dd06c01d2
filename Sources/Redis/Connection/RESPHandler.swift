import NIOCore

/// Turns bytes into replies and hands them to the pipeline; ends the connection on the first thing that is wrong.
final class RESPHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let reader: RESPReader
    private let pipeline: CommandPipeline

    init(pipeline: CommandPipeline, maxReplyBytes: Int) throws {
        self.pipeline = pipeline
        reader = try RESPReader(maxReplyBytes: maxReplyBytes)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard pipeline.isOpen else { return }
        do {
            try unwrapInboundIn(data).withUnsafeReadableBytes { try reader.feed($0) }
            while let value = try reader.next() { try pipeline.receive(value) }
        } catch {
            errorCaught(context: context, error: error)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        pipeline.close(.connectionLost)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        pipeline.close(error as? RedisError ?? .connectionLost)
        context.close(promise: nil)
    }
}
