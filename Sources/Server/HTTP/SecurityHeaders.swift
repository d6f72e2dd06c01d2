import HTTPTypes

/// Headers that every answer carries for the browser's sake; a page may set a content policy of its own before.
enum SecurityHeaders {
    static func add(to headers: inout HTTPFields) {
        headers[.xContentTypeOptions] = "nosniff"
        // For browsers that do not know `frame-ancestors`.
        headers[.frameOptions] = "DENY"
        // A page that opened ours, or was opened by it, gets no hold of it.
        headers[.crossOriginOpenerPolicy] = "same-origin"
        if headers[.referrerPolicy] == nil { headers[.referrerPolicy] = "no-referrer" }
        if headers[.contentSecurityPolicy] == nil {
            headers[.contentSecurityPolicy] = "default-src 'none'; frame-ancestors 'none'"
        }
    }
}
