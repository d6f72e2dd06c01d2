import Foundation
import JSON
import Postgres

// What row-level security looks at; see prisma-equivalent-sql/0001_roles_and_settings.sql.
extension PostgresSettings {
    static func company(_ id: UUID) -> PostgresSettings { ["app.company_id": id.lowercased] }

    static func person(_ id: UUID) -> PostgresSettings { ["app.user_id": id.lowercased] }

    static func person(_ id: UUID, company: UUID) -> PostgresSettings {
        ["app.user_id": id.lowercased, "app.company_id": company.lowercased]
    }

    /// Presents a secret or a name to find the one row it belongs to.
    static func lookup(_ kind: LookupKind, _ value: String) -> PostgresSettings {
        ["app.lookup": "\(kind.rawValue):\(value)"]
    }

    static var sweeper: PostgresSettings { ["app.sweeper": "on"] }

    func with(_ kind: LookupKind, _ value: String) -> PostgresSettings {
        var settings = self
        settings.set("app.lookup", to: "\(kind.rawValue):\(value)")
        return settings
    }
}

/// What can be presented before company or person are known.
enum LookupKind: String {
    case key, widget, refresh, email, oidc, state, channel
}

extension TenantScope {
    /// The settings of every transaction in this scope.
    var settings: PostgresSettings { .company(companyId) }
}
