import Foundation
import JSON
import Postgres
import TestSupport
import Testing

@testable import Tenancy

/// Under row-level security Postgres looks up in an index only what compares with leakproof functions; anything else
/// reads the whole table. These are the look-ups that have to stay fast however many companies there are.
@Suite struct PlanTests {
    @Test func lookUpsReadAnIndex() async throws {
        try await World.with { world in
            let id = UUID.v7()
            let hash = [UInt8](repeating: 1, count: 32)
            let lookUps: [(String, PostgresSettings, SQL)] = [
                ("email =", .lookup(.email, "a@b.co"), "SELECT * FROM users WHERE email = 'a@b.co'"),
                ("key_hash =", .lookup(.key, hash.hex), "SELECT * FROM api_keys WHERE key_hash = \(hash)"),
                ("widget_key =", .lookup(.widget, "x"), "SELECT * FROM companies WHERE widget_key = 'x'"),
                (
                    "token_hash =", .lookup(.refresh, hash.hex),
                    "SELECT * FROM session_tokens WHERE token_hash = \(hash)"
                ),
                (
                    "subject =", .lookup(.oidc, "i s"),
                    "SELECT * FROM oauth_accounts WHERE issuer = 'i' AND subject = 's' AND company_id IS NULL"
                ),
                ("user_id =", .person(id), "SELECT * FROM sessions WHERE user_id = \(id) AND id = \(id)"),
                ("user_id =", .person(id), "SELECT * FROM memberships WHERE user_id = \(id)"),
                (
                    "id <", .company(id),
                    "SELECT * FROM products WHERE company_id = \(id) AND id < \(id) ORDER BY id DESC LIMIT 50"
                ),
                ("sku =", .company(id), "SELECT * FROM products WHERE company_id = \(id) AND sku = 'x'"),
                (
                    "external_id =", .company(id),
                    "SELECT * FROM customers WHERE company_id = \(id) AND external_id = 'x'"
                ),
                (
                    "customer_id =", .company(id),
                    "SELECT * FROM sales WHERE company_id = \(id) AND customer_id = \(id) ORDER BY id DESC LIMIT 50"
                ),
                (
                    "subject_id =", .company(id),
                    "SELECT * FROM memories WHERE company_id = \(id) AND subject_kind = 'user' AND subject_id = \(id)"
                ),
                (
                    "message_id =", .company(id),
                    "SELECT * FROM memory_sources WHERE company_id = \(id) AND message_id = ANY(\([id]))"
                ),
                ("due_at <=", .sweeper, "SELECT * FROM deletions WHERE due_at <= now() ORDER BY due_at LIMIT 10"),
            ]
            for (condition, settings, statement) in lookUps {
                let lines = try await world.client.transaction(settings: settings) { transaction in
                    // Tables are empty: an index is taken only where nothing else is left.
                    _ = try await transaction.query("SET LOCAL enable_seqscan = off")
                    return try await transaction.query("EXPLAIN \(fragment: statement)").map {
                        try $0.get(at: 0, as: String.self)
                    }
                }
                #expect(
                    lines.contains { $0.contains("Index Cond") && $0.contains(condition) },
                    "\(statement.text)\n\(lines.joined(separator: "\n"))")
            }
        }
    }
}
