import AsyncHTTPClient
import Foundation
public import JSON
import NIOCore
import NIOHTTP1

/// A client of the HTTP API as tests need it: every answer is held to the OpenAPI document.
public struct API: Sendable {
    /// An answer of the API.
    public struct Answer: Sendable {
        /// The HTTP status.
        public let status: Int
        /// The headers, names in lower case.
        public let headers: [String: String]
        /// The body as it came.
        public let bytes: [UInt8]

        /// The body as JSON; `null` when it is none.
        public var json: JSONValue { (try? JSONValue.parse(bytes)) ?? .null }
        /// A member of the body.
        public subscript(key: String) -> JSONValue { json[key] ?? .null }
        /// The `id` in the body.
        public var id: String { self["id"].stringValue ?? "" }
        /// The `code` of a problem.
        public var code: String? { self["code"].stringValue }
        /// The members of `data`, for a list.
        public var data: [JSONValue] { self["data"].arrayValue ?? [] }
    }

    /// The address without a path, `http://127.0.0.1:3001`.
    public let base: String
    /// Sent as `Authorization: Bearer`.
    public var token: String?
    /// Sent with every request.
    public var headers: [String: String] = [:]
    /// The OpenAPI document as the server gave it out.
    public var document: JSONValue { contract?.document ?? .null }
    private let contract: Contract?

    /// A client of the server at `base`, with its contract read from it.
    public init(base: String) async throws {
        let answer = try await API(base: base, contract: nil).get("/api/openapi.json")
        self.init(base: base, contract: Contract(document: answer.json))
    }

    private init(base: String, contract: Contract?) {
        self.base = base
        self.contract = contract
    }

    /// The same client as somebody else.
    public func with(token: String?) -> API {
        var copy = self
        copy.token = token
        return copy
    }

    /// The same client with one more header.
    public func with(header name: String, _ value: String) -> API {
        var copy = self
        copy.headers[name] = value
        return copy
    }

    /// GET.
    public func get(_ path: String) async throws -> Answer { try await send("GET", path) }
    /// POST.
    public func post(_ path: String, _ body: JSONValue? = nil) async throws -> Answer {
        try await send("POST", path, body)
    }
    /// PUT.
    public func put(_ path: String, _ body: JSONValue) async throws -> Answer { try await send("PUT", path, body) }
    /// PATCH.
    public func patch(_ path: String, _ body: JSONValue) async throws -> Answer { try await send("PATCH", path, body) }
    /// DELETE.
    public func delete(_ path: String) async throws -> Answer { try await send("DELETE", path) }

    /// Sends a request with JSON.
    public func send(_ method: String, _ path: String, _ body: JSONValue? = nil) async throws -> Answer {
        try await send(method, path, bytes: body?.encoded, type: "application/json")
    }

    /// Sends a request with whatever bytes.
    public func send(_ method: String, _ path: String, bytes: [UInt8]?, type: String?) async throws -> Answer {
        var request = HTTPClientRequest(url: base + path)
        request.method = HTTPMethod(rawValue: method)
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let bytes {
            if let type { request.headers.add(name: "Content-Type", value: type) }
            request.body = .bytes(ByteBuffer(bytes: bytes))
        }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        let body = Array(try await response.body.collect(upTo: 16 << 20).readableBytesView)
        let fields = Dictionary(response.headers.map { ($0.name.lowercased(), $0.value) }) { first, _ in first }
        let answer = Answer(status: Int(response.status.code), headers: fields, bytes: body)
        try check(answer, method, path)
        return answer
    }

    private func check(_ answer: Answer, _ method: String, _ path: String) throws {
        guard let contract else { return }
        var faults = contract.faults(
            method: method, path: path, status: answer.status, contentType: answer.headers["content-type"],
            body: answer.bytes)
        if answer.headers["x-request-id"] == nil { faults.append("\(method) \(path): no X-Request-Id") }
        if path.hasPrefix("/api/"), answer.headers["x-ratelimit-limit"] == nil {
            faults.append("\(method) \(path) \(answer.status): no limits")
        }
        if answer.status >= 400, answer.headers["content-type"] != "application/problem+json", path != "/api/health" {
            faults.append("\(method) \(path) \(answer.status): an error that is no problem+json")
        }
        if !faults.isEmpty { throw ContractBroken(faults: faults) }
    }
}

/// An answer that the OpenAPI document does not allow.
public struct ContractBroken: Error, CustomStringConvertible {
    /// What is wrong with it.
    public let faults: [String]
    /// One fault a line.
    public var description: String { faults.joined(separator: "\n") }
}
