import AsyncHTTPClient
import NIOCore

/// An answer whose body is still on its way.
public struct EgressResponse: Sendable {
    /// The HTTP status, never a redirect.
    public let status: Int
    /// The body as it comes.
    public let body: EgressBody
    private let fields: [(name: String, value: String)]

    init(_ response: HTTPClientResponse, maximumBytes: Int) {
        status = Int(response.status.code)
        fields = response.headers.map { ($0.name.lowercased(), $0.value) }
        body = EgressBody(source: response.body, maximumBytes: maximumBytes)
    }

    /// The first header field called `name`, in whatever case.
    public func header(_ name: String) -> String? { fields.first { $0.name == name.lowercased() }?.value }

    /// `content-type` without parameters, in lower case; empty when there is none.
    public var mediaType: String {
        let text = header("content-type")?.prefix { $0 != ";" } ?? ""
        return text.trimmingWhitespace.lowercased()
    }

    /// The whole body.
    /// - Parameter maximumBytes: fewer than the request allows, when given.
    /// - Throws: ``EgressError`` of code `too_large` when it is larger.
    public func collect(upTo maximumBytes: Int? = nil) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        let limit = min(maximumBytes ?? .max, body.maximumBytes)
        for try await chunk in EgressBody(source: body.source, maximumBytes: limit) { bytes += chunk }
        return bytes
    }
}

extension Substring {
    fileprivate var trimmingWhitespace: Substring {
        drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" }
    }
}

/// The body of an answer, piece by piece, up to the size that the request allows. It can be read once.
public struct EgressBody: AsyncSequence, Sendable {
    /// Bytes as they arrived.
    public typealias Element = [UInt8]

    let source: HTTPClientResponse.Body
    let maximumBytes: Int

    /// Reads the body.
    public func makeAsyncIterator() -> Iterator {
        Iterator(source: source.makeAsyncIterator(), maximumBytes: maximumBytes)
    }

    /// The place of one reader.
    public struct Iterator: AsyncIteratorProtocol {
        var source: HTTPClientResponse.Body.AsyncIterator
        let maximumBytes: Int
        var count = 0

        /// The next piece; `nil` at the end.
        /// - Throws: ``EgressError`` of code `too_large`, `unreachable`; `CancellationError`.
        public mutating func next() async throws -> [UInt8]? {
            guard let chunk = try await translatingFailures({ try await source.next() }) else { return nil }
            count += chunk.readableBytes
            guard count <= maximumBytes else {
                throw EgressError(.tooLarge, "the server answered more than \(maximumBytes) bytes")
            }
            return Array(chunk.readableBytesView)
        }
    }
}

/// Runs `body` and says in our own words what went wrong on the network; the library's may hold the address.
func translatingFailures<Result>(_ body: () async throws -> Result) async throws -> Result {
    do {
        return try await body()
    } catch let error as EgressError {
        throw error
    } catch is CancellationError {
        throw CancellationError()
    } catch let error as HTTPClientError where error == .cancelled {
        throw CancellationError()
    } catch let error as HTTPClientError where error == .connectTimeout || error == .deadlineExceeded {
        throw EgressError(.timedOut, "the server did not answer in time")
    } catch {
        throw EgressError(.unreachable, "there is no working connection to the server")
    }
}
