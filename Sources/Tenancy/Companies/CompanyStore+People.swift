public import Foundation
import Postgres

extension CompanyStore {
    /// A page of the companies a person is a member of, newest first.
    public func list(of userId: UUID, page: PageRequest = PageRequest()) async throws -> Page<Company> {
        var filter: SQL = "memberships.user_id = \(userId)"
        if let cursor = try page.place(list: "companies") { filter += " AND companies.id < \(try cursor.id(0))" }
        let rows = try await client.query(
            """
            SELECT \(fragment: Company.columns) FROM memberships
            JOIN companies ON companies.id = memberships.company_id
            WHERE \(fragment: filter) ORDER BY companies.id DESC LIMIT \(page.limit + 1)
            """, settings: .person(userId))
        return Page(rows: try rows.map(Company.init), limit: page.limit) {
            Cursor(list: "companies", values: [$0.id.lowercased])
        }
    }

    /// What a person is in which company, oldest membership first; at most 200.
    public func memberships(of userId: UUID) async throws -> [Membership] {
        let rows = try await client.query(
            """
            SELECT \(fragment: Company.columns), memberships.role, memberships.created_at AS joined_at FROM memberships
            JOIN companies ON companies.id = memberships.company_id
            WHERE memberships.user_id = \(userId) ORDER BY memberships.created_at, companies.id LIMIT 200
            """, settings: .person(userId))
        return try rows.map {
            Membership(company: try Company($0), role: try $0.get("role"), joinedAt: try $0.get("joined_at"))
        }
    }
}
