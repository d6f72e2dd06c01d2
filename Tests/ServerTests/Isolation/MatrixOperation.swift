import Foundation
import JSON
import TestSupport

/// One operation of the document that has ids in its path.
struct MatrixOperation: Sendable {
    let method: String
    let template: String

    var name: String { "\(method) \(template)" }
    var isStream: Bool { template.hasSuffix("/events") }

    /// The parameters that are ids; agents have names.
    var parameters: [String] { ["id", "userId", "messageId"].filter { template.contains("{\($0)}") } }

    /// What stands before the first parameter, `products`.
    var collection: String {
        let parts = template.split(separator: "/").map(String.init)
        return parts[(parts.firstIndex { $0.hasPrefix("{") } ?? 1) - 1]
    }

    static func all(in document: JSONValue) -> [MatrixOperation] {
        let paths: [(key: String, value: JSONValue)] = Array(document["paths"]?.objectValue ?? [:])
        return paths.flatMap { path -> [MatrixOperation] in
            let methods = Array(path.value.objectValue ?? [:]).map { $0.key.uppercased() }
            return methods.map { MatrixOperation(method: $0, template: path.key) }
        }.filter { !$0.parameters.isEmpty && $0.template.hasPrefix("/api/") }
    }

    /// The path with `id` for `parameter`; what else it needs is an id that nobody has.
    func path(_ parameter: String, _ id: String) -> String {
        var path = template.replacing("{\(parameter)}", with: id)
        for other in parameters { path = path.replacing("{\(other)}", with: Self.other) }
        return path.replacing("{name}", with: Resources.toolName)
    }
    private static let other = UUID.v7().lowercased

    /// The path of something that was made for it.
    func ownPath(_ tenant: Tenant) async throws -> String {
        let id = try await Resources.make(collection, of: tenant)
        var path = template.replacing("{id}", with: id).replacing("{userId}", with: id)
            .replacing("{name}", with: Resources.toolName)
        if path.contains("{messageId}") {
            let role = path.hasSuffix("/feedback") ? "agent" : "user"
            path = path.replacing("{messageId}", with: try await Resources.message(in: id, of: tenant, role))
        }
        return path
    }

    /// Sends it with a body that is in order.
    func send(_ path: String, as api: API) async throws -> API.Answer {
        let api = api.with(header: "X-Request-Id", "matrix")
        return try await api.send(method, path, body)
    }

    private var body: JSONValue? {
        switch (method, collection) {
        case ("GET", _), ("DELETE", _): nil
        case ("PATCH", "leads"): ["status": "dismissed"]
        case ("PATCH", "bookings"): ["status": "declined"]
        case (_, "members"): ["role": "member"]
        case ("PUT", "products"): ["name": "Plan", "priceCents": 1]
        case _ where template.hasSuffix("/control"): ["action": "take"]
        case _ where template.hasSuffix("/feedback"): ["score": 1]
        case ("PATCH", _) where template.contains("{messageId}"): ["content": "edited"]
        case ("POST", "conversations"): ["content": "Hello", "seq": 1]
        default: [:]
        }
    }
}
