import Hummingbird

/// Answers requests for streams in a task of their own, which ends when the stream begins: the connection's task, which
/// lives as long as the stream, would keep the memory that the deepest call on the way took. Everything else is answered
/// as it is.
struct StreamResponder<Base: HTTPResponder>: HTTPResponder where Base.Context: Sendable {
    typealias Context = Base.Context

    let base: Base

    func respond(to request: Request, context: Base.Context) async throws -> Response {
        guard request.uri.path.hasSuffix("/events") else {
            return try await base.respond(to: request, context: context)
        }
        return try await Task { try await base.respond(to: request, context: context) }.value
    }
}
