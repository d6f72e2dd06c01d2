import HTTPTypes
import JSON

/// Writes the OpenAPI 3.1 document from the same routes that the router serves.
struct OpenAPIDocument {
    let routes: [Route]
    let components: [(name: String, schema: Schema)]
    let version: String

    /// The whole document.
    var value: JSONValue {
        [
            "openapi": "3.1.0",
            "info": [
                "title": "Switchboard", "version": .string(version),
                "description": .string(Self.introduction),
                "license": ["name": "Apache 2.0", "identifier": "Apache-2.0"],
            ],
            "servers": [["url": "/"]],
            "tags": .array(tags.map { ["name": .string($0)] }),
            "paths": .object(paths),
            "components": [
                "schemas": .object(JSONObject(components.map { ($0.name, $0.schema.description(in: .answer)) })),
                "responses": .object(OpenAPIErrors.responses),
                "headers": .object(OpenAPIHeaders.all),
                "parameters": .object(OpenAPIParameters.all),
                "securitySchemes": .object(Self.securitySchemes),
            ],
        ]
    }

    private var tags: [String] {
        var seen: Set<String> = []
        return routes.map(\.tag).filter { seen.insert($0).inserted }
    }

    private var paths: JSONObject {
        var paths = JSONObject()
        for route in routes {
            var item = paths[route.path]?.objectValue ?? JSONObject()
            item[route.method.rawValue.lowercased()] = OperationWriter(route: route).value
            paths[route.path] = .object(item)
        }
        return paths
    }

    private static let introduction = """
        Business messaging for many companies: people and @agents answer customers in the same conversation. \
        Errors are `application/problem+json`. Ids are opaque. Times are RFC 3339 in UTC with milliseconds. \
        Lists take `limit` and `cursor` and answer `{data, nextCursor}`. Every POST takes `Idempotency-Key`. \
        A path answers 405 with `Allow` to methods which it does not know, and HEAD like GET.
        """

    private static let securitySchemes: JSONObject = [
        "user": [
            "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
            "description": "A person's token from `/api/auth/login`, or one of a configured OpenID provider.",
        ],
        "apiKey": [
            "type": "http", "scheme": "bearer", "bearerFormat": "sb_live_… or sb_test_…",
            "description": "A company's API key with the scopes which it was given.",
        ],
        "widget": [
            "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
            "description":
                "A visitor's token from `/api/widget/sessions`; reaches the visitor's own conversations only.",
        ],
    ]
}
