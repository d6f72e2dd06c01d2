import Tenancy

/// Who may call a route. Rows of a store are checked again by the store itself, through the scope.
enum Access: Sendable {
    /// Anybody; limited by address.
    case open
    /// A provider that proves by its own means who it is; limited by address, with room for what it tells of many.
    case webhook
    /// A signed-in person, in whatever company: their own account.
    case person
    /// A member or an API key with this permission.
    case company(Permission)
    /// As `company`, and a visitor with a widget token, who sees only their own.
    case visitorToo(Permission)
}
