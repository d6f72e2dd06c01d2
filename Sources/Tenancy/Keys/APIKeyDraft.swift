public import Foundation

/// What a caller says about a new API key.
public struct APIKeyDraft: Sendable, Hashable {
    /// What it is for, 1 to 200 characters.
    public var name: String
    /// What it may do; at least one thing, and nothing its maker may not do.
    public var scopes: Set<Permission>
    /// When it stops to work; in the future.
    public var expiresAt: Date?
    /// Whether it is for tries: its secret begins with `sb_test_`. It works like any other.
    public var isTest: Bool

    /// A key called `name`.
    public init(name: String, scopes: Set<Permission>, expiresAt: Date? = nil, isTest: Bool = false) {
        self.name = name
        self.scopes = scopes
        self.expiresAt = expiresAt
        self.isTest = isTest
    }

    /// What is wrong with it at the time `now`.
    public func problems(now: Date = Date()) -> [FieldError] { checks(now: now).errors }

    func checks(now: Date) -> FieldChecks {
        var checks = FieldChecks()
        checks.text("name", name, 1...200)
        if scopes.isEmpty { checks.add("scopes", "required", "must name at least one scope") }
        if let expiresAt, expiresAt <= now { checks.add("expiresAt", "out_of_range", "must be in the future") }
        return checks
    }
}
