import HTTPTypes

/// Lets pages of other sites call the API: the web chat stands on them. There is no cookie that they could abuse;
/// every call brings its own token.
enum CrossOrigin {
    /// What such a page may read of an answer, beside the body.
    private static let exposed: [HTTPField.Name] =
        OpenAPIHeaders.everywhere + [
            .eTag, .location, .idempotencyReplayed, .preferenceApplied, .retryAfter, .wwwAuthenticate, .allow,
        ]
    /// What such a page may send.
    private static let accepted: [HTTPField.Name] = [
        .authorization, .contentType, .requestId, .companyId, .idempotencyKey, .prefer, .ifMatch, .ifNoneMatch,
        .lastEventId,
    ]

    private static func list(_ names: [HTTPField.Name]) -> String { names.map(\.rawName).joined(separator: ", ") }
    private static let exposedList = list(exposed)
    private static let acceptedList = list(accepted)

    /// Adds what a browser asks of the answer to a call from another site.
    static func add(to headers: inout HTTPFields, path: String) {
        guard path.hasPrefix("/api/") else { return }
        headers[.accessControlAllowOrigin] = "*"
        headers[.accessControlExposeHeaders] = exposedList
    }

    /// What a browser asks before such a call.
    static func preflight(_ methods: String) -> HTTPFields {
        [
            .allow: methods, .accessControlAllowMethods: methods, .accessControlAllowHeaders: acceptedList,
            .accessControlMaxAge: "7200",
        ]
    }
}
