import Foundation
import HTTPTypes
import JSON
import NIOCore
import NIOHTTPTypes

/// Gives a problem body to the bare 400 with which Hummingbird answers bytes that are not HTTP.
///
/// Every answer of ours has a request id by the time it gets here; that one has none.
final class BrokenRequestHandler: ChannelOutboundHandler, RemovableChannelHandler {
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .head(var head) = unwrapOutboundIn(data), head.status == .badRequest,
            head.headerFields[.requestId] == nil
        else { return context.write(data, promise: promise) }
        let requestId = UUID.v7().lowercased
        let problem = Problem.malformed(
            "The request is not HTTP as this server understands it, or its head is too large.")
        let body = problem.body(requestId: requestId)
        head.headerFields[.requestId] = requestId
        head.headerFields[.contentType] = "application/problem+json"
        head.headerFields[.contentLength] = String(body.count)
        context.write(wrapOutboundOut(.head(head)), promise: promise)
        context.write(wrapOutboundOut(.body(context.channel.allocator.buffer(bytes: body))), promise: nil)
    }
}
