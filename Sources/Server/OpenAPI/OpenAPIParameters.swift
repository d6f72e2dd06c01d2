import HTTPTypes
import JSON

/// The headers of requests, as components of the document.
enum OpenAPIParameters {
    /// The headers that `route` reads.
    static func names(for route: Route) -> [HTTPField.Name] {
        guard route.path.hasPrefix("/api/") else { return [] }
        var names: [HTTPField.Name] = [.requestId]
        if case .open = route.access {} else { names.append(.companyId) }
        if route.method == .post { names.append(.idempotencyKey) }
        let answered = route.answers.flatMap(\.headers)
        if answered.contains(.preferenceApplied) { names.append(.prefer) }
        if answered.contains(.eTag) {
            if route.method == .get { names.append(.ifNoneMatch) }
            if route.method == .put || route.method == .patch { names.append(.ifMatch) }
        }
        return names
    }

    /// The components.
    static let all: JSONObject = [
        "X-Request-Id": parameter(
            "X-Request-Id",
            "An id of the caller's own for logs: up to 128 letters, digits and `-_.:`. "
                + "Another one is replaced.", .text()),
        "X-Company-Id": parameter("X-Company-Id", "The company to act in, for a person in several.", .identifier),
        "Idempotency-Key": parameter(
            "Idempotency-Key", "The same key and body give the first answer again, for 24 hours.", .text(1...255)),
        "Prefer": parameter(
            "Prefer", "`wait=N`: hold the answer until the agents have replied, up to N (at most 30) seconds.", .text()),
        "If-None-Match": parameter(
            "If-None-Match", "The `ETag` of the answer that the caller has: unchanged, it is not sent again (304).",
            .text()),
        "If-Match": parameter(
            "If-Match", "The `ETag` of what is to be changed: when it was changed meanwhile, nothing is done (412).",
            .text()),
    ]

    private static func parameter(_ name: String, _ summary: String, _ schema: Schema) -> JSONValue {
        [
            "name": .string(name), "in": "header", "required": false, "description": .string(summary),
            "schema": schema.description(in: .request),
        ]
    }
}
