import AsyncHTTPClient
import Foundation
import JSON
import NIOCore
import NIOFoundationCompat
import NIOHTTP1

/// Calls to Google: bounded in time and size, redirects refused, and repeated only where that is harmless.
struct GoogleHTTP: Sendable {
    /// How large an answer may be.
    static let maximumBytes = 8 << 20

    struct Answer: Sendable {
        var status: Int
        var json: JSONValue
        var retryAfter: Int?

        /// Google's word for what is wrong.
        var reason: String {
            json["error"]?["errors"]?.arrayValue?.first?["reason"]?.stringValue ?? json["error"]?["status"]?.stringValue
                ?? json["error"]?.stringValue ?? ""
        }

        /// Whether the same call may work in a moment.
        var isPassing: Bool {
            status == 429 || status >= 500
                || (status == 403 && ["rateLimitExceeded", "userRateLimitExceeded"].contains(reason))
        }

        /// The failure that this status means; nil when all is well.
        var failure: LinkFailure? {
            switch status {
            case 200..<300: nil
            case 401: .reconnect
            case 404, 410: .notFound
            case _ where isPassing: .unavailable
            case 403 where ["insufficientPermissions", "PERMISSION_DENIED", "forbidden"].contains(reason):
                .missingScope(reason)
            default: .refused(status)
            }
        }
    }

    enum Body: Sendable {
        case json(JSONObject)
        case form([(String, String)])
    }

    let client: HTTPClient
    let configuration: GoogleConfiguration

    /// A client for ``client``: no redirects, connections within ten seconds.
    static func makeClient() -> HTTPClient {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow, timeout: .init(connect: .seconds(10), read: .seconds(15)))
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 8
        return HTTPClient(configuration: configuration)
    }

    /// One call.
    /// - Parameter isRepeatable: whether it may be sent again when it is not known what became of it.
    /// - Throws: ``LinkFailure/unavailable`` when no answer came; `CancellationError`.
    func send(
        _ method: HTTPMethod, _ url: String, token: String? = nil, body: Body? = nil, isRepeatable: Bool
    ) async throws -> Answer {
        var pause = configuration.pause
        for attempt in 1... {
            let isLast = !isRepeatable || attempt >= configuration.attempts
            do {
                let answer = try await once(method, url, token, body)
                if !answer.isPassing || isLast { return answer }
                if let seconds = answer.retryAfter { pause = max(pause, .seconds(min(seconds, 5))) }
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                if isLast { throw LinkFailure.unavailable }
            }
            try await Task.sleep(for: pause * Double.random(in: 0.8...1.2))
            pause *= 2
        }
        throw LinkFailure.unavailable
    }

    private func once(_ method: HTTPMethod, _ url: String, _ token: String?, _ body: Body?) async throws -> Answer {
        var request = HTTPClientRequest(url: url)
        request.method = method
        request.headers.add(name: "Accept", value: "application/json")
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        switch body {
        case .json(let object):
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: object.encoded))
        case .form(let fields):
            request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
            request.body = .bytes(ByteBuffer(string: Self.query(fields)))
        case nil: break
        }
        let limit = TimeAmount.nanoseconds(
            configuration.timeout.components.seconds * 1_000_000_000
                + configuration.timeout.components.attoseconds / 1_000_000_000)
        let response = try await client.execute(request, timeout: limit)
        let bytes = Array(try await response.body.collect(upTo: Self.maximumBytes).readableBytesView)
        return Answer(
            status: Int(response.status.code), json: (try? JSONValue.parse(bytes)) ?? .null,
            retryAfter: response.headers.first(name: "retry-after").flatMap { Int($0) })
    }

    /// Names and values as a form or a query has them.
    static func query(_ fields: [(String, String)]) -> String {
        fields.map { "\(escape($0.0))=\(escape($0.1))" }.joined(separator: "&")
    }

    /// Text as it stands in a path or a query.
    static func escape(_ text: String) -> String {
        let allowed = CharacterSet(charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
        return text.addingPercentEncoding(withAllowedCharacters: allowed) ?? ""
    }
}
