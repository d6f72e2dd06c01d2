import JSON

/// The errors which operations share, as components of the document.
enum OpenAPIErrors {
    /// The errors that `route` can answer with, by status.
    static func names(for route: Route) -> [(status: String, code: Problem.Code)] {
        var names: [(String, Problem.Code)] = [("400", .invalidRequest)]
        if case .open = route.access {
            if route.path.contains("/auth/") { names.append(("401", .unauthenticated)) }
        } else {
            names += [("401", .unauthenticated), ("403", .forbidden)]
        }
        names.append(("404", .notFound))
        let changes = route.method != .get
        if changes { names += [("409", .conflict)] }
        if changes && route.method != .post { names += [("412", .preconditionFailed)] }
        if changes { names += [("413", .payloadTooLarge), ("415", .unsupportedMediaType)] }
        if route.method == .post { names.append(("422", .idempotencyMismatch)) }
        names += [("429", .rateLimited), ("500", .internalError), ("503", .unavailable)]
        return names
    }

    /// One response component for each code.
    static var responses: JSONObject {
        JSONObject(
            Problem.Code.allCases.map { code in
                (
                    code.rawValue,
                    [
                        "description": .string(code.title),
                        "headers": commonHeaders,
                        "content": ["application/problem+json": ["schema": ["$ref": "#/components/schemas/Problem"]]],
                    ]
                )
            })
    }

    /// The headers which every answer of the API carries.
    static let commonHeaders: JSONValue = [
        "X-Request-Id": ["$ref": "#/components/headers/X-Request-Id"],
        "RateLimit": ["$ref": "#/components/headers/RateLimit"],
        "RateLimit-Policy": ["$ref": "#/components/headers/RateLimit-Policy"],
        "X-RateLimit-Limit": ["$ref": "#/components/headers/X-RateLimit-Limit"],
        "X-RateLimit-Remaining": ["$ref": "#/components/headers/X-RateLimit-Remaining"],
        "X-RateLimit-Reset": ["$ref": "#/components/headers/X-RateLimit-Reset"],
    ]

    static let headers: JSONObject = [
        "X-Request-Id": header("string", "Identifies this request in logs and in questions to support."),
        "RateLimit": header("string", "The tightest limit now: `\"caller\";r=remaining;t=seconds`."),
        "RateLimit-Policy": header("string", "The limits in force: `\"company\";q=600;w=60`."),
        "X-RateLimit-Limit": header("integer", "Requests allowed in the window."),
        "X-RateLimit-Remaining": header("integer", "Requests left now."),
        "X-RateLimit-Reset": header("integer", "Epoch seconds at which the whole limit is free again."),
    ]

    private static func header(_ type: String, _ summary: String) -> JSONValue {
        ["description": .string(summary), "schema": ["type": .string(type)]]
    }
}
