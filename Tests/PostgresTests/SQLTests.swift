import Testing

@testable import Postgres

@Suite struct SQLTests {
    @Test func valuesBecomeParameters() {
        let sql: SQL = "SELECT * FROM t WHERE a = \("x'; DROP TABLE t; --") AND b = \(7)"
        #expect(sql.text == "SELECT * FROM t WHERE a = $1 AND b = $2")
        #expect(sql.parameters == [.text("x'; DROP TABLE t; --"), .text("7")])
    }

    @Test func aFragmentIsRenumberedWhereItStands() {
        let condition: SQL = "b = \(2) OR c = \(3)"
        let sql: SQL = "SELECT 1 WHERE a = \(1) AND (\(fragment: condition)) AND d = \(4)"
        #expect(sql.text == "SELECT 1 WHERE a = $1 AND (b = $2 OR c = $3) AND d = $4")
        #expect(sql.parameters == [.text("1"), .text("2"), .text("3"), .text("4")])
    }

    @Test func fragmentsNestAndRepeat() {
        let inner: SQL = "x = \("i")"
        let outer: SQL = "(\(fragment: inner) OR \(fragment: inner))"
        let sql: SQL = "\(fragment: outer) AND \(fragment: inner)"
        #expect(sql.text == "(x = $1 OR x = $2) AND x = $3")
        #expect(sql.parameters.count == 3)
    }

    @Test func sumsAreRenumbered() {
        var sql: SQL = "a = \(1)"
        sql += " AND b = \(2)"
        #expect((sql + " AND c = \(3)").text == "a = $1 AND b = $2 AND c = $3")
    }

    @Test func listsAreJoined() {
        let rows = (1...3).map { number -> SQL in "(\(number), \("n\(number)"))" }
        #expect(rows.joined(separator: ", ").text == "($1, $2), ($3, $4), ($5, $6)")
        #expect([SQL]().joined(separator: ",").isEmpty)
    }

    @Test func trustedTextIsTakenAsItIs() {
        let sql: SQL = "SELECT \(raw: "count(*)") FROM t"
        #expect(sql.text == "SELECT count(*) FROM t")
        #expect(sql.parameters.isEmpty)
    }

    @Test func nilIsNull() {
        let name: String? = nil
        #expect(("SELECT \(name)" as SQL).parameters == [.null])
    }

    @Test func settingsAreOneStatement() {
        var settings: PostgresSettings = ["app.company_id": "a", "app.user_id": "b"]
        settings.set("app.company_id", to: "c")
        #expect(settings.statement.text == "SELECT set_config($1, $2, true), set_config($3, $4, true)")
        #expect(
            settings.statement.parameters == [.text("app.company_id"), .text("c"), .text("app.user_id"), .text("b")])
    }

    @Test(arguments: [
        ("SELECT 1", true), ("  select a from b", true), ("(SELECT 1)", true), ("VALUES (1)", true),
        ("INSERT INTO t VALUES (1)", false), ("WITH x AS (DELETE FROM t RETURNING 1) SELECT * FROM x", false),
        ("SELECTED", false), ("", false),
    ])
    func readsAreTold(text: String, isRead: Bool) {
        #expect(SQL(raw: text).readsOnly == isRead)
    }

    @Test func zeroCharactersAreRefusedBeforeAnythingIsSent() throws {
        for sql in [
            "SELECT \("a\0b")" as SQL, "SELECT \(["a", "b\0"])", "SELECT \(PostgresJSON([34, 0, 34]))", "SELECT '\0'",
        ] {
            let error = try #require(throws: PostgresError.self) { try Operation(sql) }
            #expect(error.code == .invalidText)
        }
        _ = try Operation("SELECT \([UInt8]([0, 1, 0]))")
    }

    @Test func tooManyParametersAreRefused() throws {
        let many = (0...65_535).map { number -> SQL in "\(number)" }.joined(separator: ",")
        let error = try #require(throws: PostgresError.self) { try Operation(many) }
        #expect(error.code == .usage)
    }
}
