public import AsyncHTTPClient
import NIOCore
import NIOHTTP1
public import NIOSSL

/// Talks to servers whose addresses others gave, within ``EgressRules``: the name is looked up once for a request, every
/// address it has is checked, and the connection goes to the one that was checked while TLS still asks for the name.
/// Redirects are not followed, compressed answers not asked for.
///
/// End it with ``shutdown()``.
public final class EgressClient: Sendable {
    /// What may be connected to.
    public let rules: EgressRules
    private let resolver: any AddressResolver
    private let clients: PinnedClients

    /// A client.
    /// - Parameters:
    ///   - servers: how many hosts may be talked to at once.
    ///   - trustRoots: whose certificates count.
    public init(
        rules: EgressRules, resolver: any AddressResolver = SystemResolver.shared, servers: Int = 256,
        trustRoots: NIOSSLTrustRoots = .default
    ) {
        self.rules = rules
        self.resolver = resolver
        clients = PinnedClients(limit: servers, trustRoots: trustRoots)
    }

    /// Sends a request and hands its answer to `body`, within the request's time in all.
    /// - Throws: ``EgressError``, `CancellationError`, or what `body` throws.
    public func send<Result: Sendable>(
        _ request: EgressRequest, _ body: @escaping @Sendable (EgressResponse) async throws -> Result
    ) async throws -> Result {
        let url = try rules.check(request.url)
        return try await request.limit.run {
            let address = try await self.address(of: url)
            return try await self.clients.with(PinnedClients.Key(host: url.hostText, address: address)) { client in
                let response = try await translatingFailures {
                    try await client.execute(Self.request(request, to: url), deadline: .distantFuture)
                }
                try Self.check(response, request)
                return try await body(EgressResponse(response, maximumBytes: request.maximumBytes))
            }
        }
    }

    /// Lends a client that connects only to the address of this URL's host that was checked just now, for protocols that
    /// ``send(_:_:)`` does not know. Time and sizes are for the borrower to bound; the client is not used after `body`.
    /// - Throws: ``EgressError``, `CancellationError`, or what `body` throws.
    public func lend<Result>(for url: String, _ body: (HTTPClient) async throws -> Result) async throws -> Result {
        let url = try rules.check(url)
        let address = try await address(of: url)
        return try await clients.with(PinnedClients.Key(host: url.hostText, address: address), body)
    }

    /// Ends all connections.
    public func shutdown() async { await clients.shutdown() }

    private func address(of url: EgressURL) async throws -> IPAddress {
        let addresses =
            switch url.host {
            case .literal(let address): [address]
            case .name(let name): try await resolver.addresses(of: name)
            }
        return try rules.choose(among: addresses, for: url)
    }

    private static func request(_ request: EgressRequest, to url: EgressURL) -> HTTPClientRequest {
        var result = HTTPClientRequest(url: url.text)
        result.method = HTTPMethod(rawValue: request.method)
        for (name, value) in request.headers { result.headers.add(name: name, value: value) }
        if let body = request.body { result.body = .bytes(ByteBuffer(bytes: body)) }
        return result
    }

    private static func check(_ response: HTTPClientResponse, _ request: EgressRequest) throws(EgressError) {
        let status = response.status.code
        if (300..<400).contains(status) {
            throw EgressError(.redirected, "the server answered with a redirect (\(status)), which is not followed")
        }
        guard !request.mediaTypes.isEmpty, (200..<300).contains(status), ![202, 204, 205].contains(status) else {
            return
        }
        let type = EgressResponse(response, maximumBytes: 0).mediaType
        guard request.mediaTypes.contains(type) else {
            let wanted = request.mediaTypes.joined(separator: " or ")
            throw EgressError(.contentType, "the server's answer must have the type \(wanted)")
        }
    }
}
