public import Foundation
public import JSON

/// An MCP server of a company, without its secret.
public struct ToolServer: Sendable, Hashable {
    /// How Switchboard shows the server who it is.
    public enum Authentication: Sendable, Hashable {
        /// Not at all.
        case none
        /// `Authorization: Bearer <secret>`.
        case bearer
        /// The secret in a header of this name.
        case header(String)

        var kind: String {
            switch self {
            case .none: "none"
            case .bearer: "bearer"
            case .header: "header"
            }
        }

        /// The header's name, when it is one of its own.
        public var header: String? { if case .header(let name) = self { name } else { nil } }
    }

    /// Which calls a member has to approve.
    public enum Approval: String, Sendable, Hashable, CaseIterable {
        /// Every one.
        case always
        /// Those of tools that may change something.
        case writes
        /// None.
        case never
    }

    /// How the last talk with it went.
    public enum Health: String, Sendable, Hashable, CaseIterable {
        /// There was none yet.
        case unknown
        /// Well.
        case ok
        /// Not well; see ``ToolServer/lastError``.
        case failing
    }

    /// The server's id.
    public let id: UUID
    /// The company's id.
    public let companyId: UUID
    /// What people call it.
    public let name: String
    /// The word for it in the names of its tools, unique in the company.
    public let slug: String
    /// The endpoint.
    public let url: String
    /// How Switchboard shows who it is.
    public let authentication: Authentication
    /// Whether what it says of its tools (that they only read) is believed.
    public let trusted: Bool
    /// Which calls a member has to approve.
    public let approval: Approval
    /// Whether its tools are used.
    public let enabled: Bool
    /// How long a call may take while there is no progress.
    public let timeoutSeconds: Int
    /// The generation of the protocol that it spoke last, as the client names it.
    public let era: String
    /// The version of the protocol that was agreed on.
    public let protocolVersion: String?
    /// How the last talk with it went.
    public let health: Health
    /// What went wrong.
    public let lastError: String?
    /// When its tools were last listed.
    public let checkedAt: Date?
    /// Until when that list is good.
    public let freshUntil: Date?
    /// When it was added.
    public let createdAt: Date
    /// When people last changed it.
    public let updatedAt: Date
    /// Counts people's changes; the `ETag`.
    public let version: Int
}

extension ToolServer: JSONEncodable {
    /// Writes the server as API.md shapes it; of the secret only whether there is one.
    public func encode(into writer: inout JSONWriter) {
        writer.object {
            $0.field("id", id)
            $0.field("companyId", companyId)
            $0.field("name", name)
            $0.field("slug", slug)
            $0.field("url", url)
            $0.field("authKind", authentication.kind)
            $0.field("authHeader", authentication.header)
            $0.field("hasSecret", authentication != .none)
            $0.field("trusted", trusted)
            $0.field("approval", approval.rawValue)
            $0.field("enabled", enabled)
            $0.field("timeoutSeconds", timeoutSeconds)
            $0.field("era", era)
            $0.field("protocolVersion", protocolVersion)
            $0.field("health", health.rawValue)
            $0.field("lastError", lastError)
            $0.field("checkedAt", checkedAt)
            $0.field("createdAt", createdAt)
            $0.field("updatedAt", updatedAt)
        }
    }
}
