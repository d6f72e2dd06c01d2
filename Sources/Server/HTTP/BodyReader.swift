import Foundation
import HTTPTypes
import JSON
import NIOCore
import Tenancy

/// Reads a request's body within its bounds and makes sense of it.
enum BodyReader {
    /// The most bytes a body may have.
    static let maximumBytes = 1024 * 1024

    /// The whole body.
    ///
    /// - Throws: ``Problem`` (413) when it is larger than `limit`.
    nonisolated(nonsending) static func collect(
        _ request: Request, upTo limit: Int = maximumBytes
    ) async throws -> [UInt8] {
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limit { throw tooLarge(limit) }
        switch request.body {
        case .whole(let buffer):
            guard buffer.readableBytes <= limit else { throw tooLarge(limit) }
            return Array(buffer.readableBytesView)
        case .coming(let body):
            do {
                let buffer = try await body.collect(upTo: limit)
                return Array(buffer.readableBytesView)
            } catch is NIOTooManyBytesError {
                throw tooLarge(limit)
            }
        }
    }

    private static func tooLarge(_ limit: Int) -> Problem {
        .tooLarge("The body may have at most \(limit) bytes (\(limit >> 20) MiB).")
    }

    /// The object in `bytes`, checked by the route's schema.
    ///
    /// - Throws: ``Problem`` naming all that is wrong.
    static func input(_ bytes: [UInt8], of request: Request, for route: Route) throws(Problem) -> Input {
        guard let schema = route.body else { return Input() }
        if bytes.isEmpty {
            guard route.bodyIsOptional else { throw .malformed("The body must be a JSON object; it is empty.") }
            return Input()
        }
        guard isJSON(request.headers[.contentType]) else {
            throw Problem(
                status: .unsupportedMediaType, code: .unsupportedMediaType,
                detail: "Send the body as JSON, with the header Content-Type: application/json.")
        }
        let value: JSONValue
        do {
            value = try JSONValue.parse(bytes)
        } catch {
            throw .malformed("The body is not acceptable JSON: \(error).")
        }
        guard let object = value.objectValue else {
            throw .malformed("The body must be a JSON object, not \(value.typeName).")
        }
        var errors: [FieldError] = []
        schema.check(value, at: "", into: &errors)
        if errors.isEmpty { return Input(object) }
        // Too much of it is a matter of size, when nothing else is wrong.
        if errors.allSatisfy({ $0.code == "too_long" && route.sizedFields.contains($0.field) }) {
            throw .tooLarge(errors.map { "\($0.field) \($0.message)" }.joined(separator: "; ") + ".", errors)
        }
        throw .invalid(errors)
    }

    /// Whether the type is JSON in UTF-8. Without a type a body counts as JSON: every body here is.
    static func isJSON(_ contentType: String?) -> Bool {
        guard let contentType, contentType != "application/json" else { return true }
        let parts = contentType.lowercased().split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
        guard let type = parts.first, type == "application/json" || type.hasSuffix("+json") else { return false }
        let charset = parts.dropFirst().first { $0.hasPrefix("charset=") }
        return charset.map { $0 == "charset=utf-8" || $0 == "charset=\"utf-8\"" } ?? true
    }
}
