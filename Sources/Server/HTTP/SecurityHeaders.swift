import HTTPTypes

/// Headers that every answer carries for the browser's sake; a page may set a content policy of its own before.
enum SecurityHeaders {
    private static let fields = [
        HTTPField(name: .xContentTypeOptions, value: "nosniff"),
        // For browsers that do not know `frame-ancestors`.
        HTTPField(name: .frameOptions, value: "DENY"),
        // A page that opened ours, or was opened by it, gets no hold of it.
        HTTPField(name: .crossOriginOpenerPolicy, value: "same-origin"),
        HTTPField(name: .referrerPolicy, value: "no-referrer"),
        HTTPField(name: .contentSecurityPolicy, value: "default-src 'none'; frame-ancestors 'none'"),
    ]

    static func add(to headers: inout HTTPFields) {
        for field in fields where !headers.contains(field.name) { headers.append(field) }
    }
}
