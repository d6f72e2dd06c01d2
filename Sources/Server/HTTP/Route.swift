import HTTPTypes
import JSON

/// One operation of the API: what calls it, what it takes and answers, and the code that does it. The router, the
/// validation and the OpenAPI document are all made from this one value.
struct Route: Sendable {
    let method: HTTPRequest.Method
    /// The path with `{name}` for parameters, `/api/products/{id}`.
    let path: String
    let summary: String
    /// The chapter of the document.
    let tag: String
    let access: Access
    var query: [QueryParameter] = []
    /// Headers of its own that the handler reads; described, not checked.
    var headers: [QueryParameter] = []
    var body: Schema?
    /// Whether an empty body counts as `{}`.
    var bodyIsOptional = false
    /// The answers when all goes well: status and schema, `nil` for no body.
    var answers: [Documented] = []
    /// The parameter of the path that names a conversation whose edition the handler wants (``Admitted/edition``).
    var edition: String?
    /// Fields whose text is too long is a matter of size (413), not of form (400).
    var sizedFields: Set<String> = []
    /// The most bytes of a body.
    var maximumBytes = BodyReader.maximumBytes
    /// What a body is that is JSON of somebody else's shape: it is described, and left to the handler as it came.
    var rawBody: String?
    /// Stops a request before its body is read.
    var precheck: nonisolated(nonsending) @Sendable (Request) async throws -> Void = { _ in }
    let handler: nonisolated(nonsending) @Sendable (Call) async throws -> Answer

    struct Documented: Sendable {
        let status: Int
        let schema: Schema?
        let summary: String
        var mediaType = "application/json"
        /// The headers beyond those of every answer.
        var headers: [HTTPField.Name] = []
    }

    /// The parameters' names in the path, in order.
    var parameterNames: [String] {
        path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
    }
}

/// Routes that belong together and what they work on.
protocol RouteGroup {
    var routes: [Route] { get }
}
