import Foundation
import TestSupport
import Testing

extension Chaos {
    @Suite struct CommandTests {
        @Test func twoMigrationsAtOnceAreSafe() async throws {
            try await TestPostgres.with { postgres in
                let mongo = TestMongo.fresh()
                let environment = Self.environment(postgres, mongo)
                async let first = SwitchboardProgram.run(["migrate"], environment: environment)
                async let second = SwitchboardProgram.run(["migrate"], environment: environment)
                let outcomes = try await [first, second]
                for outcome in outcomes { #expect(outcome.exitCode == 0, "\(outcome.output)") }
                // Every file was applied by exactly one of them.
                let lines = outcomes.flatMap { $0.output.split(separator: "\n").map(String.init) }
                let applied = lines.filter { $0.hasPrefix("applied ") }
                #expect(Set(applied).count == applied.count)
                let files = try FileManager.default.contentsOfDirectory(
                    at: SwitchboardProgram.package.appendingPathComponent("prisma-equivalent-sql"),
                    includingPropertiesForKeys: nil)
                #expect(applied.count == files.count { $0.pathExtension == "sql" })
                let again = try await SwitchboardProgram.run(["migrate"], environment: environment)
                #expect(again.exitCode == 0)
                #expect(!again.output.contains("applied 0"), "\(again.output)")
                try await mongo.drop()
            }
        }

        @Test func checkTellsByItsExitCode() async throws {
            try await World.with { world in
                let good = try await SwitchboardProgram.run(["check"], environment: world.environment)
                #expect(good.exitCode == 0, "\(good.output)")
                for name in ["postgres", "mongodb", "redis"] { #expect(good.output.contains("\(name): ok, version ")) }
                #expect(!good.output.contains("transactionLifetimeLimitSeconds"), "our own mongod has it set")
                let nobody = try LocalPort.free()
                for (variable, name, url) in [
                    ("DATABASE_URL", "postgres", "postgres://app:geheim@127.0.0.1:\(nobody)/nothing"),
                    ("MONGODB_URI", "mongodb", "mongodb://app:geheim@127.0.0.1:\(nobody)/nothing"),
                    ("REDIS_URL", "redis", "redis://app:geheim@127.0.0.1:\(nobody)/0"),
                ] {
                    var environment = world.environment
                    environment[variable] = url
                    let bad = try await SwitchboardProgram.run(["check"], environment: environment)
                    #expect(bad.exitCode == 1, "\(name): \(bad.output)")
                    #expect(bad.output.contains("\(name): FAILED"))
                    #expect(!bad.output.contains("geheim"), "a password is shown")
                }
                // The owner's role would bypass what keeps tenants apart.
                var environment = world.environment
                environment["DATABASE_URL"] = environment["DIRECT_URL"]
                let unsafe = try await SwitchboardProgram.run(["check"], environment: environment)
                #expect(unsafe.exitCode == 1)
                #expect(unsafe.output.contains("UNSAFE"))
            }
        }

        @Test func wrongSettingsAreNamedAtOnce() async throws {
            let environment = [
                "DATABASE_URL": "mysql://app:hunter2hunter2@127.0.0.1/db", "REDIS_URL": "redis://127.0.0.1/0",
                "JWT_SECRET": "tooshortsecret", "ENCRYPTION_KEY": "bm90IDMyIGJ5dGVz", "PORT": "99999",
                "TRUSTED_PROXIES": "nonsense",
            ]
            for command in ["serve", "migrate", "check"] {
                let outcome = try await SwitchboardProgram.run([command], environment: environment, within: 20)
                #expect(outcome.exitCode != 0)
                #expect(outcome.exitCode < 128, "it crashed: \(outcome.output)")
                for name in [
                    "DATABASE_URL", "MONGODB_URI", "JWT_SECRET", "ENCRYPTION_KEY", "PORT", "TRUSTED_PROXIES",
                ] {
                    #expect(outcome.output.contains(name), "\(command) does not name \(name): \(outcome.output)")
                }
                for secret in ["hunter2hunter2", "tooshortsecret", "bm90IDMyIGJ5dGVz"] {
                    #expect(!outcome.output.contains(secret), "\(command) shows a secret")
                }
            }
        }

        /// A port that is taken ends the start with a reason, not with a crash or a server that nobody reaches.
        @Test func aTakenPortEndsTheStart() async throws {
            try await World.with { world in
                try await world.serve { server in
                    var environment = world.environment
                    environment["PORT"] = "\(server.port)"
                    let outcome = try await SwitchboardProgram.run(["serve"], environment: environment, within: 30)
                    #expect(outcome.exitCode != 0)
                    #expect(outcome.exitCode < 128, "it crashed: \(outcome.output)")
                    #expect(try await server.isReady())
                }
            }
        }

        private static func environment(_ postgres: TestPostgres, _ mongo: TestMongo) -> [String: String] {
            [
                "DATABASE_URL": postgres.runtimeURL, "DIRECT_URL": postgres.ownerURL, "MONGODB_URI": mongo.uri,
                "REDIS_URL": "redis://127.0.0.1:1/0", "JWT_SECRET": String(repeating: "j", count: 40),
                "ENCRYPTION_KEY": Data(repeating: 7, count: 32).base64EncodedString(),
            ]
        }
    }
}
