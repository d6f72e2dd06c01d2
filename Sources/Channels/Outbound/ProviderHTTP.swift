import AsyncHTTPClient
import Foundation
import JSON
import NIOCore
import NIOFoundationCompat
import NIOHTTP1
import NIOPosix

/// Calls to the providers that the operator's settings name: bounded in time and size, redirects refused, never repeated.
struct ProviderHTTP: Sendable {
    /// How large an answer may be.
    static let maximumBytes = 1 << 20

    enum Result: Sendable {
        /// It answered.
        case answer(status: Int, json: JSONValue, retryAfter: Double?)
        /// There was no connection: nothing was sent.
        case notSent(String)
        /// The connection broke, or no answer came in time: it may have taken it.
        case unknown(String)
    }

    let client: HTTPClient
    let timeout: Duration

    static func makeClient() -> HTTPClient {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow, timeout: .init(connect: .seconds(10)))
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 32
        // A call that may have been taken is not for the client to repeat.
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(configuration: configuration)
    }

    func post(_ url: String, headers: [(String, String)], _ body: JSONObject) async throws -> Result {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: "Accept", value: "application/json")
        request.headers.add(name: "Content-Type", value: "application/json")
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        request.body = .bytes(ByteBuffer(bytes: body.encoded))
        do {
            let limit = TimeAmount.nanoseconds(Int64(timeout.seconds * 1_000_000_000))
            let response = try await client.execute(request, timeout: limit)
            let bytes = Array(try await response.body.collect(upTo: Self.maximumBytes).readableBytesView)
            return .answer(
                status: Int(response.status.code), json: (try? JSONValue.parse(bytes)) ?? .null,
                retryAfter: response.headers.first(name: "retry-after").flatMap { Double($0) })
        } catch let error as HTTPClientError where Self.beforeSending.contains(error) {
            return .notSent("no connection to the provider")
        } catch is NIOConnectionError {
            return .notSent("no connection to the provider")
        } catch let error as IOError where error.errnoCode == ECONNREFUSED {
            return .notSent("no connection to the provider")
        } catch {
            if Task.isCancelled { return .unknown("the server stopped while it was being sent") }
            return .unknown("the provider did not answer")
        }
    }

    private static let beforeSending: [HTTPClientError] = [
        .connectTimeout, .getConnectionFromPoolTimeout, .tlsHandshakeTimeout, .invalidURL, .emptyHost,
    ]
}
