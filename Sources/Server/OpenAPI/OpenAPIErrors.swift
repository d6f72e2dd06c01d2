import HTTPTypes
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
        if route.method != .get { names += [("409", .conflict), ("413", .payloadTooLarge)] }
        if OpenAPIParameters.names(for: route).contains(.ifMatch) { names.append(("412", .preconditionFailed)) }
        if route.body != nil { names.append(("415", .unsupportedMediaType)) }
        if route.method == .post { names.append(("422", .idempotencyMismatch)) }
        names += [("429", .rateLimited), ("500", .internalError), ("503", .unavailable)]
        return names.sorted { $0.0 < $1.0 }
    }

    /// One response component for each code.
    static var responses: JSONObject {
        JSONObject(
            Problem.Code.allCases.map { code in
                (
                    code.rawValue,
                    [
                        "description": .string(
                            code == .forbidden
                                ? "\(code.title), or the plan's limit is reached"
                                : code.title),
                        "headers": OpenAPIHeaders.references(headers(of: code)),
                        "content": [
                            "application/problem+json": [
                                "schema": ["$ref": "#/components/schemas/Problem"], "example": example(of: code),
                            ]
                        ],
                    ]
                )
            })
    }

    private static func headers(of code: Problem.Code) -> [HTTPField.Name] {
        switch code {
        case .unauthenticated: [.wwwAuthenticate]
        case .methodNotAllowed: [.allow]
        case .conflict, .rateLimited, .unavailable: [.retryAfter]
        default: []
        }
    }

    private static func example(of code: Problem.Code) -> JSONValue {
        var example: JSONObject = [
            "type": .string("/docs#\(code.rawValue)"), "title": .string(code.title),
            "status": .integer(Int64(code.usualStatus.code)), "detail": .string(code.title + "."),
            "code": .string(code.rawValue), "requestId": "0197a6c2-1b7e-7d3a-9c52-8e4f60b1d2a3",
        ]
        if code == .invalidRequest {
            example["detail"] = "email must be an e-mail address, such as ana@example.com."
            example["errors"] = [
                [
                    "field": "email", "code": "format",
                    "message": "must be an e-mail address, such as ana@example.com",
                ]
            ]
        }
        return .object(example)
    }
}

extension Problem.Code {
    /// The status that goes with this code.
    var usualStatus: HTTPResponse.Status {
        switch self {
        case .invalidRequest: .badRequest
        case .unauthenticated: .unauthorized
        case .forbidden, .quotaExceeded: .forbidden
        case .notFound: .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .conflict: .conflict
        case .preconditionFailed: .preconditionFailed
        case .idempotencyMismatch: .unprocessableContent
        case .payloadTooLarge: .contentTooLarge
        case .unsupportedMediaType: .unsupportedMediaType
        case .rateLimited: .tooManyRequests
        case .unavailable: .serviceUnavailable
        case .internalError: .internalServerError
        }
    }
}
