import Foundation
import HTTPTypes
import Tenancy

/// Lets pages of other sites read what the web chat needs (CORS): `/api/widget/…`, and the conversation calls of a
/// visitor with a widget token, from the origins which the company allows. API keys and members' tokens have no
/// business in other sites' pages and get nothing. There is no cookie that such a page could abuse.
struct CrossOrigin: Sendable {
    /// What such a page may read of an answer, beside the body.
    private static let exposed: [HTTPField.Name] =
        OpenAPIHeaders.everywhere + [
            .eTag, .location, .idempotencyReplayed, .preferenceApplied, .retryAfter, .wwwAuthenticate, .allow,
        ]
    /// What such a page may send.
    private static let accepted: [HTTPField.Name] = [
        .authorization, .contentType, .requestId, .idempotencyKey, .prefer, .ifMatch, .ifNoneMatch, .lastEventId,
    ]

    private static func list(_ names: [HTTPField.Name]) -> String { names.map(\.rawName).joined(separator: ", ") }
    private static let exposedList = list(exposed)
    private static let acceptedList = list(accepted)

    /// The origins that a visitor's company allows; nil for every one.
    let allowedOrigins: @Sendable (Admitted) async throws -> [String]?

    /// Whether a path belongs to the web chat.
    static func covers(_ path: String) -> Bool {
        path.hasPrefix("/api/widget/") || path == "/api/conversations" || path.hasPrefix("/api/conversations/")
    }

    /// What a browser asks before a call: which site asks is known, but not yet for whom. It gives nothing away; the
    /// answer to the call itself decides.
    static func preflight(_ request: Request, methods: String) -> AnswerHeaders {
        var headers: AnswerHeaders = [.allow: methods]
        guard request.place?.isWebChats == true, let origin = request.headers[.origin], isSane(origin) else {
            return headers
        }
        allow(origin, in: &headers)
        headers[.accessControlAllowMethods] = methods
        headers[.accessControlAllowHeaders] = acceptedList
        headers[.accessControlMaxAge] = "600"
        return headers
    }

    /// Adds what lets the asking page read the answer.
    /// - Parameter caller: nil when the token was refused: that, too, the chat has to learn.
    nonisolated(nonsending) func apply(_ request: Request, caller: Admitted?, to answer: inout Answer) async {
        guard request.place?.isWebChats == true else { return }
        answer.headers[.vary] = "Origin"
        guard let origin = request.headers[.origin], Self.isSane(origin) else { return }
        guard let caller, caller.identity != nil else { return Self.allow(origin, in: &answer.headers) }
        guard caller.scope?.customerId != nil else { return }
        do {
            if Self.isAllowed(origin, by: try await allowedOrigins(caller)) { Self.allow(origin, in: &answer.headers) }
        } catch {
            // The company cannot be asked now: the page learns nothing, and tries again.
        }
    }

    /// Whether a company that allows `origins` allows this one; nil allows every one.
    static func isAllowed(_ origin: String, by origins: [String]?) -> Bool {
        guard let origins else { return true }
        return origins.contains { $0.lowercased() == origin.lowercased() || $0 == "*" }
    }

    private static func allow(_ origin: String, in headers: inout AnswerHeaders) {
        headers[.accessControlAllowOrigin] = origin
        headers[.accessControlExposeHeaders] = exposedList
        headers[.vary] = "Origin"
    }

    /// Nothing but the characters of a scheme, host and port is given back.
    private static func isSane(_ origin: String) -> Bool {
        (1...300).contains(origin.utf8.count)
            && origin.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || ":/.-_[]".utf8.contains(byte)
            }
    }
}
