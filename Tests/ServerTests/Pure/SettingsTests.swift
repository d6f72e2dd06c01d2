import Configuration
import Tenancy
import Testing

@testable import Server

@Suite struct SettingsTests {
    private let good = [
        "DATABASE_URL": "postgres://app@localhost/sb", "MONGODB_URI": "mongodb://localhost",
        "REDIS_URL": "redis://localhost",
        "JWT_SECRET": String(repeating: "x", count: 32),
        "ENCRYPTION_KEY": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    ]

    private func settings(_ changes: [String: String] = [:]) throws -> Settings {
        let variables = good.merging(changes) { $1 }
        return try Settings(
            reader: ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: variables)))
    }

    @Test func hasDefaults() throws {
        let settings = try settings()
        #expect(settings.http.port == 3001 && settings.stores.directURL == settings.stores.databaseURL)
        #expect(settings.identity.openID == nil && settings.identity.bcryptCost == 12)
    }

    @Test func namesEveryFaultAndNoValue() throws {
        let error = #expect(throws: SettingsError.self) {
            try settings(["PORT": "x", "REDIS_URL": "http://secret-host", "JWT_SECRET": "short", "DATABASE_URL": ""])
        }
        let text = try #require(error?.description)
        for name in ["PORT", "REDIS_URL", "JWT_SECRET", "DATABASE_URL"] { #expect(text.contains(name)) }
        #expect(!text.contains("secret-host") && !text.contains("short"))
    }

    @Test func setsTheFiguresOfPlans() throws {
        let settings = try settings(["LIMIT_FREE_REQUESTS_PER_MINUTE": "77"])
        #expect(settings.limits.plans.limits(.free)[.requestsPerMinute] == 77)
        #expect(
            settings.limits.plans.limits(.pro)[.requestsPerMinute]
                == PlanTable.standard.limits(.pro)[.requestsPerMinute])
    }
}
