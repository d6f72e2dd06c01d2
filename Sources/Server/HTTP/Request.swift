import Foundation
import HTTPTypes
import Logging
import NIOCore
import NIOHTTP1

/// A request, from its arrival to its answer.
final class Request: Sendable {
    /// What comes after the head.
    enum Body: Sendable {
        case whole(ByteBuffer)
        case coming(IncomingBody)
    }

    let method: HTTPRequest.Method
    /// The address as it came: path and query.
    let target: String
    let path: Substring
    /// What follows the question mark.
    let query: Substring?
    let headers: RequestHeaders
    let body: Body
    /// The peer of the connection; behind a proxy that is the proxy.
    let peer: SocketAddress?
    /// The connection, for what has to know when it ends.
    let channel: any Channel
    /// The caller's `X-Request-Id` when it is sane, else a new one.
    let requestId: String
    /// When the head of the request was handed to us.
    let received = ContinuousClock.now
    let logger: Logger
    /// What the path is called and what is known under it; nil for an unknown one.
    let place: RouteTable.Place?
    /// The parts of the path that the place leaves open.
    let parameters: PathParameters

    init(_ incoming: IncomingRequest, table: RouteTable, logger: Logger) {
        method = incoming.method
        target = incoming.target
        let target = incoming.target
        let mark = target.utf8.firstIndex(of: UInt8(ascii: "?"))
        path = target[..<(mark ?? target.endIndex)]
        query = mark.map { target[target.utf8.index(after: $0)...] }
        headers = incoming.headers
        body = incoming.body
        peer = incoming.channel.remoteAddress
        channel = incoming.channel
        requestId = RequestIdentifier.choose(headers[.requestId])
        self.logger = logger
        (place, parameters) = table.find(path)
    }
}

/// A request as its connection hands it on.
struct IncomingRequest: Sendable {
    let method: HTTPRequest.Method
    let target: String
    let headers: RequestHeaders
    let body: Request.Body
    let channel: any Channel
}

extension IncomingRequest {
    /// - Returns: nil for a method that is none.
    init?(_ head: HTTPRequestHead, _ body: Request.Body, channel: any Channel) {
        guard let method = HTTPRequest.Method(head.method.rawValue) else { return nil }
        self.init(
            method: method, target: Self.target(head.uri), headers: RequestHeaders(head.headers), body: body,
            channel: channel)
    }

    /// Path and query of an address; what is sent to a proxy names the server, too (RFC 9112 section 3.2).
    static func target(_ uri: String) -> String {
        if uri.utf8.first == UInt8(ascii: "/") { return uri }
        guard let scheme = uri.range(of: "://"), !uri[..<scheme.lowerBound].contains("/") else { return uri }
        let rest = uri[scheme.upperBound...]
        guard let start = rest.firstIndex(where: { "/?#".contains($0) }) else { return "/" }
        let target = rest[start...].prefix { $0 != "#" }
        return target.first == "/" ? String(target) : "/" + target
    }
}
