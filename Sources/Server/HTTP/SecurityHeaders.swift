import HTTPTypes

/// Headers that every answer carries for the browser's sake; a page may set a content policy of its own before.
enum SecurityHeaders {
    static let all: AnswerHeaders = [
        .xContentTypeOptions: "nosniff",
        // For browsers that do not know `frame-ancestors`.
        .frameOptions: "DENY",
        // A page that opened ours, or was opened by it, gets no hold of it.
        .crossOriginOpenerPolicy: "same-origin",
        .referrerPolicy: "no-referrer",
        .contentSecurityPolicy: "default-src 'none'; frame-ancestors 'none'",
    ]

    /// All of them as they go over the wire.
    static let lines = text(Array(all))
    /// For answers with a content policy of their own.
    static let linesOfPages = text(all.filter { $0.name != .contentSecurityPolicy })

    private static func text(_ fields: [AnswerHeaders.Field]) -> String {
        fields.map { "\r\n\($0.name.rawName): \($0.value)" }.joined()
    }
}
