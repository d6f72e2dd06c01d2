import Crypto
import Foundation
import JSON
import Postgres

/// The company that a publishable widget key belongs to, and what the web chat may do with it.
public struct WidgetCompany: Sendable {
    /// The company.
    public let company: Company
    /// The company's own scope: to make and find the customer who opens the chat.
    public let scope: TenantScope
    private let secret: [UInt8]

    init(company: Company, secret: [UInt8]) {
        self.company = company
        self.secret = secret
        scope = TenantScope(companyId: company.id, caller: .worker)
    }

    /// Whether `hash` is the hexadecimal HMAC-SHA256 of `externalId` with the company's widget secret, which only the
    /// company's own server can know.
    public func vouches(for externalId: String, hash: String) -> Bool {
        let expected = Self.hash(of: externalId, secret: secret)
        return constantTimeEqual(Array(expected.utf8), Array(hash.lowercased().utf8))
    }

    /// The hexadecimal HMAC-SHA256 of `externalId`, as a company's server computes it. The key is the secret's text, as
    /// ``CompanyStore/widgetSecret(_:)`` gives it.
    static func hash(of externalId: String, secret: [UInt8]) -> String {
        let key = SymmetricKey(data: Array(secret.hex.utf8))
        return Array(HMAC<SHA256>.authenticationCode(for: Array(externalId.utf8), using: key)).hex
    }
}

extension CompanyStore {
    /// The company with the publishable key `key`.
    /// - Throws: ``NotFound`` for an unknown key and for a company that is not active; ``SecretBox/Failure`` when the
    ///   widget secret cannot be read; `PostgresError`.
    public func byWidgetKey(_ key: String) async throws -> WidgetCompany {
        guard WidgetKey.isPlausible(key) else { throw NotFound("widget key") }
        let rows = try await client.query(
            """
            SELECT \(fragment: Company.columns), companies.widget_secret FROM companies WHERE widget_key = \(key)
            """, settings: .lookup(.widget, key))
        guard let row = rows.first else { throw NotFound("widget key") }
        let company = try Company(row)
        guard company.active else { throw NotFound("widget key") }
        let secret = try secrets.open(try row.get("widget_secret"), for: company.id.lowercased)
        return WidgetCompany(company: company, secret: secret)
    }

    /// The widget secret as 64 hexadecimal digits: what the company's server signs its customers' ids with.
    /// - Throws: ``Forbidden`` without `company:write`; ``NotFound``; ``SecretBox/Failure``; `PostgresError`.
    public func widgetSecret(_ scope: TenantScope) async throws -> String {
        try scope.require(.companyWrite)
        let rows = try await client.query(
            "SELECT widget_secret FROM companies WHERE id = \(scope.companyId)", settings: scope.settings)
        guard let row = rows.first else { throw NotFound("company") }
        return try secrets.open(try row.get("widget_secret"), for: scope.companyId.lowercased).hex
    }
}
