import Foundation
import Postgres
import TestSupport
import Testing

@Suite struct QueryTests {
    @Test func valuesComeBackAsTheyWere() async throws {
        try await TestPostgres.with { database in
            try await database.withClient { client in
                let id = UUID()
                let date = Date(timeIntervalSince1970: 1_795_240_613.123)
                let bytes = (0...255).map { UInt8($0) }
                let json = PostgresJSON(#"{"a": [1, "ä"]}"#)
                let row = try #require(
                    try await client.query(
                        """
                        SELECT \("ä'\"\\🦊")::text AS text, \(-5)::int8 AS int, \(Int32.max)::int4 AS int32, \(0.1)::float8 AS double,
                            \(true)::bool AS bool, \(id)::uuid AS id, \(date)::timestamptz AS date, \(bytes)::bytea AS bytes,
                            \([UInt8]())::bytea AS nothing, \(["a", "b,\"c"])::text[] AS strings, \([id])::uuid[] AS ids,
                            \(json)::jsonb AS json, \(String?.none)::text AS null, \("")::text AS empty
                        """
                    ).first)
                #expect(try row.get("text") == "ä'\"\\🦊")
                #expect(try row.get("int") == -5)
                #expect(try row.get("int32") == Int32.max)
                #expect(try row.get("double") == 0.1)
                #expect(try row.get("bool") == true)
                #expect(try row.get("id") == id)
                #expect(try row.get("date") == date)
                #expect(try row.get("bytes") == bytes)
                #expect(try row.get("nothing") == [UInt8]())
                #expect(try row.get("strings") == ["a", "b,\"c"])
                #expect(try row.get("ids") == [id])
                #expect(try row.get("json", as: PostgresJSON.self).text == #"{"a": [1, "ä"]}"#)
                #expect(try row.get("null", as: String?.self) == nil)
                #expect(try row.get("empty", as: String?.self) == "")
            }
        }
    }

    @Test func wrongReadsNameTheColumn() async throws {
        try await TestPostgres.with { database in
            try await database.withClient { client in
                let row = try #require(try await client.query("SELECT 'secret' AS word, NULL AS nothing").first)
                let type = try await failure { try row.get("word", as: Int.self) }
                #expect(type.code == .decoding && type.message.contains("\"word\"") && !type.message.contains("secret"))
                #expect(try await failure { try row.get("nothing", as: String.self) }.message.contains("NULL"))
                #expect(try await failure { try row.get("other", as: Int.self) }.message.contains("\"other\""))
            }
        }
    }

    @Test func affectedRowsAreCounted() async throws {
        try await TestPostgres.with { database in
            try await database.withClient(owner: true) { client in
                try await client.script("CREATE TABLE t (n int); INSERT INTO t SELECT generate_series(1, 7)")
                #expect(try await client.query("DELETE FROM t WHERE n <= \(3)").affected == 3)
                #expect(try await client.query("SELECT n FROM t").count == 4)
            }
        }
    }

    @Test func violationsNameTheirConstraint() async throws {
        try await TestPostgres.with { database in
            try await database.withClient(owner: true) { client in
                try await client.script(
                    """
                    CREATE TABLE a (id int PRIMARY KEY, name text NOT NULL CONSTRAINT a_name CHECK (name <> ''));
                    CREATE TABLE b (a int CONSTRAINT b_a REFERENCES a, later int
                        CONSTRAINT b_later REFERENCES a DEFERRABLE INITIALLY DEFERRED);
                    INSERT INTO a VALUES (1, 'x')
                    """)
                func code(_ sql: SQL, _ settings: PostgresSettings) async throws -> (PostgresError.Code, String?) {
                    let error = try await failure { try await client.query(sql, settings: settings) }
                    return (error.code, error.constraint)
                }
                for settings in [[:], ["app.company_id": "x"]] as [PostgresSettings] {
                    #expect(try await code("INSERT INTO a VALUES (1, 'y')", settings) == (.uniqueViolation, "a_pkey"))
                    #expect(try await code("INSERT INTO b VALUES (2)", settings) == (.foreignKeyViolation, "b_a"))
                    #expect(try await code("INSERT INTO a VALUES (2, '')", settings) == (.checkViolation, "a_name"))
                    #expect(try await code("INSERT INTO a VALUES (2)", settings).0 == .notNullViolation)
                    // Only the commit finds this one, which for a bare statement comes after the statement's answer.
                    #expect(
                        try await code("INSERT INTO b VALUES (1, 9)", settings) == (.foreignKeyViolation, "b_later"))
                    #expect(try await client.query("SELECT 1 FROM b", settings: settings).isEmpty)
                }
            }
        }
    }

    @Test func zeroCharactersDoNotReachTheServer() async throws {
        try await TestPostgres.with { database in
            try await database.withClient { client async throws in
                #expect(try await failure { try await client.query("SELECT \("a\0b")") }.code == .invalidText)
                #expect(client.statistics.roundTrips == 0)
                let json = PostgresJSON(#"{"a": "\u0000"}"#)
                #expect(try await failure { try await client.query("SELECT \(json)::jsonb") }.code == .invalidText)
            }
        }
    }

    @Test func errorsCarryNoValue() async throws {
        try await TestPostgres.with { database in
            try await database.withClient { client in
                let error = try await failure { try await client.query("SELECT \("secret word")::uuid") }
                #expect(error.sqlState == "22P02" && !"\(error)".contains("secret"))
            }
        }
    }

    @Test func aWrongPasswordIsAnErrorWithoutThePassword() async throws {
        try await TestPostgres.with { database in
            var url = try #require(URLComponents(string: database.runtimeURL))
            url.password = "hunter22 and more"
            url.user = "nobody_of_that_name"
            try await PostgresClient.with(url: url.string ?? "") { client in
                let error = try await failure { try await client.query("SELECT 1") }
                #expect(error.code == .connection && !error.message.contains("hunter22"))
            }
        }
    }

    @Test func theServerTellsItsVersionAndAnswers() async throws {
        try await TestPostgres.with { database in
            try await database.withClient { client async throws in
                #expect(try await client.serverVersion().first?.isNumber == true)
                #expect(try await client.ping() > .zero)
            }
        }
    }

    @Test func timestampsAreReadWhateverTheDatabasesStyle() async throws {
        try await TestPostgres.with { database in
            try await database.withClient(owner: true) {
                _ = try await $0.query("ALTER DATABASE \(raw: database.name) SET datestyle TO 'German'")
            }
            try await database.withClient { client in
                let row = try await client.query("SELECT '2000-02-29 00:00+00'::timestamptz AS at").first
                #expect(try row?.get("at") == Date(timeIntervalSince1970: 951_782_400))
            }
        }
    }
}
