import Foundation
import JSON
import TestSupport

/// Two companies, and everybody who might call.
struct MatrixWorld: Sendable {
    let own: Tenant
    let other: Tenant
    let callers: [(name: String, api: API)]

    static func make() async throws -> MatrixWorld {
        let api = try await TestServer.shared.api
        let own = try await api.register("Ana")
        let other = try await api.register("Eve")
        return MatrixWorld(
            own: own, other: other,
            callers: [
                ("owner", own.api), ("member", try await own.join(as: "member").api),
                ("key", try await own.key("agent-logs:read")), ("visitor", try await own.visitor()), ("nobody", api),
            ])
    }

    /// Ids that are not the caller's: another company's, a deleted, an unknown and malformed ones.
    func strangeIds(for parameter: String, of operation: MatrixOperation) async throws -> [(String, String)] {
        let long = String(repeating: "f", count: 300)
        var ids = [("unknown", UUID.v7().lowercased), ("malformed", "no-id"), ("long", long)]
        if parameter == "messageId" {
            let conversation = try await Resources.make("conversations", of: other)
            ids.append(("foreign", try await Resources.message(in: conversation, of: other)))
            return ids
        }
        ids.append(("foreign", try await foreign(operation.collection)))
        if let deleted = try await deleted(operation.collection) { ids.append(("deleted", deleted)) }
        return ids
    }

    private func foreign(_ collection: String) async throws -> String {
        collection == "companies" ? other.companyId : try await Resources.make(collection, of: other)
    }

    private func deleted(_ collection: String) async throws -> String? {
        guard !["sales", "emails", "leads", "bookings", "approvals", "turns"].contains(collection) else { return nil }
        let id = try await Resources.make(collection, of: own)
        let folder = ["sessions": "auth/sessions", "accounts": "oauth/accounts"][collection] ?? collection
        let path = "/api/\(folder)/\(id)"
        try await own.api.delete(path).expect(204)
        return id
    }
}
