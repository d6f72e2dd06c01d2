import JSON

/// `GET /api/openapi.json`: the document of all routes, itself among them.
struct DocumentRoute {
    /// The route that describes `routes` and itself.
    static func route(describing routes: [Route]) -> Route {
        let bytes = document(of: routes + [route { throw Problem.internalError }]).encoded
        let tag = ETag.of(bytes)
        return route {
            var answer = Answer.json(bytes: bytes)
            answer.headers[.eTag] = tag
            return answer
        }
    }

    private static func route(_ answer: @escaping @Sendable () throws -> Answer) -> Route {
        Route(
            method: .get, path: "/api/openapi.json", summary: "This document.", tag: "Operations", access: .open,
            answers: [.init(status: 200, schema: .freeObject, summary: "OpenAPI 3.1.", headers: [.eTag])]
        ) { _ in try answer() }
    }

    /// The document of `routes`; pages for people are left out.
    static func document(of routes: [Route]) -> JSONValue {
        OpenAPIDocument(
            routes: routes.filter { $0.tag != "Pages" }, components: Components.all, version: Version.current
        ).value
    }
}
