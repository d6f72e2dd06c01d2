import Testing

@testable import Postgres

@Suite struct ErrorTests {
    @Test(arguments: [
        ("23505", PostgresError.Code.uniqueViolation), ("23503", .foreignKeyViolation), ("23514", .checkViolation),
        ("23502", .notNullViolation), ("40001", .serialization), ("40P01", .serialization), ("22021", .invalidText),
        ("22P05", .invalidText), ("57014", .timeout), ("57P01", .connection), ("08006", .connection),
        ("42P01", .server), ("53300", .server),
    ])
    func statesHaveCodes(state: String, code: PostgresError.Code) {
        #expect(PostgresError.code(sqlState: state) == code)
    }

    @Test func unavailableIsWhatComesBackByItself() {
        for code in [PostgresError.Code.connection, .poolTimeout, .timeout] {
            #expect(PostgresError(code, message: "").isUnavailable)
        }
        for state in ["57P01", "57P03", "53300", "08000"] {
            #expect(PostgresError(.server, sqlState: state, message: "").isUnavailable)
        }
        for code in [PostgresError.Code.outcomeUnknown, .uniqueViolation, .cancelled, .server, .decoding, .invalidText]
        {
            #expect(!PostgresError(code, message: "").isUnavailable)
        }
    }

    @Test func messagesAboutValuesLoseTheValue() {
        let message = "invalid input syntax for type uuid: \"secret of a customer\""
        #expect(PostgresError.withoutValue(message, sqlState: "22P02") == "invalid input syntax for type uuid")
        let relation = "relation \"x\" does not exist"
        #expect(PostgresError.withoutValue(relation, sqlState: "42P01") == relation)
    }
}

@Suite struct ConfigurationTests {
    let secret = "p%40ss:w/rd"

    @Test func descriptionsShowNoPasswordAndNoUser() {
        let configuration = PostgresConfiguration(url: "postgres://user:\(secret)@db.example:5432/sb?password=other")
        var dumped = ""
        dump(configuration, to: &dumped)
        for text in [configuration.redactedURL, "\(configuration)", String(reflecting: configuration), dumped] {
            #expect(!text.contains("w/rd") && !text.contains("other") && !text.contains("user"))
        }
        #expect(configuration.redactedURL == "postgres://db.example:5432/sb")
    }

    @Test func libpqsMessagesLoseThePassword() {
        let configuration = PostgresConfiguration(url: "postgres://user:hunter22@h/db")
        #expect(!configuration.redact("bad: postgres://user:hunter22@h/db").contains("hunter22"))
        #expect(!configuration.redact("hunter22 is no port").contains("hunter22"))
    }

    @Test(arguments: [
        "", "mysql://user:hunter22@h/db", "postgres://user:hunter22@[::1/db", "postgres://user:hunter22%zz@h/db",
        "postgres://user:hunter22@h/db?nonsense=hunter22", "host=h password=hunter22",
    ])
    func unreadableURLsAreRefusedWithoutQuotingThem(url: String) throws {
        let error = try #require(throws: PostgresError.self) { try PostgresConfiguration(url: url).validate() }
        #expect(error.code == .usage)
        #expect(!error.message.contains("hunter22"), "\(error)")
    }

    @Test func numbersAreChecked() {
        let url = "postgres://h/db"
        #expect(throws: Never.self) { try PostgresConfiguration(url: url).validate() }
        #expect(throws: PostgresError.self) { try PostgresConfiguration(url: url, poolSize: 0).validate() }
        #expect(throws: PostgresError.self) { try PostgresConfiguration(url: url, waitTimeout: .zero).validate() }
        #expect(throws: PostgresError.self) { try PostgresConfiguration(url: url, statementCacheSize: 0).validate() }
    }
}
