import HTTPTypes
import JSON

/// The headers of answers, as components of the document.
enum OpenAPIHeaders {
    /// Those which every answer of the API carries.
    static let everywhere: [HTTPField.Name] = [
        .requestId, .rateLimit, .rateLimitPolicy, .rateLimitLimit, .rateLimitRemaining, .rateLimitReset,
    ]

    /// References to the components of `names` and of what every answer carries.
    static func references(_ names: [HTTPField.Name] = []) -> JSONValue {
        let all = everywhere + names
        return .object(
            JSONObject(all.map { ($0.rawName, ["$ref": .string("#/components/headers/\($0.rawName)")]) }))
    }

    /// The components.
    static let all: JSONObject = [
        "X-Request-Id": header("Identifies this request in logs and in questions to support.", isRequired: true),
        "RateLimit": header("The tightest limit now: `\"caller\";r=remaining;t=seconds`.", isRequired: true),
        "RateLimit-Policy": header("The limits in force: `\"company\";q=600;w=60`.", isRequired: true),
        "X-RateLimit-Limit": header("Requests allowed in the window.", "integer", isRequired: true),
        "X-RateLimit-Remaining": header("Requests left now.", "integer", isRequired: true),
        "X-RateLimit-Reset": header(
            "Epoch seconds at which the whole limit is free again.", "integer", isRequired: true),
        "ETag": header("The version of what is answered, for `If-None-Match` and `If-Match`.", isRequired: true),
        "Location": header("The path of what was made.", isRequired: true),
        "Idempotency-Replayed": header("`true` when this is the answer to an earlier request with the same key."),
        "Preference-Applied": header("`wait=N` when `Prefer: wait=N` was followed."),
        "Retry-After": header("Seconds after which to try again.", "integer"),
        "WWW-Authenticate": header("`Bearer`.", isRequired: true),
        "Allow": header("The methods which the path knows.", isRequired: true),
    ]

    private static func header(_ summary: String, _ type: String = "string", isRequired: Bool = false) -> JSONValue {
        ["description": .string(summary), "required": .bool(isRequired), "schema": ["type": .string(type)]]
    }
}
