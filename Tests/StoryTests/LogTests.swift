import Foundation
import JSON
import TestSupport
import Testing

extension Chaos {
    @Suite struct LogTests {
        /// Invariant 7: after a story with successes, refusals, wrong input and a store that is away, the log of the
        /// most talkative level holds requests but nothing that anybody wrote or signs in with.
        @Test func theLogHoldsNoSecretAndNoContent() async throws {
            try await World.withOwnRedis { world, redis in
                var world = world
                world.environment["LOG_LEVEL"] = "trace"
                try await world.serve { server in
                    let port = server.port
                    var secrets = try await Threads.one { try Self.story(at: port) }
                    await redis.kill()
                    secrets += try await Threads.one { try Self.story(at: port) }
                    #expect(try await server.stop(within: 30) == 0)
                    for name in ["JWT_SECRET", "ENCRYPTION_KEY"] { secrets.append(world.environment[name] ?? "") }
                    secrets += ["JWT_SECRET", "DATABASE_URL"].map { world.environment[$0] ?? "" }
                    let log = server.log
                    #expect(log.contains("\"route\":\"/api/auth/register\""))
                    #expect(log.contains("\"message\":\"stopped\""))
                    for secret in secrets {
                        #expect(secret.count > 7)
                        #expect(!log.contains(secret), "the log holds \(secret)")
                    }
                    for line in log.split(separator: "\n") {
                        #expect((try? JSONValue.parse(String(line))) != nil, "not JSON: \(line)")
                    }
                }
            }
        }

        /// - Returns: everything in the story which the log must not hold.
        private static func story(at port: Int) throws -> [String] {
            let tenant = try Tenant(at: port, name: "ZQNAMEZQ")
            let wire = try Wire(port: port)
            let token = tenant.token
            let login = try wire.send(
                "POST", "/api/auth/login", ["email": .string(tenant.email), "password": "ZQWRONGZQ"])
            #expect(login.status == 401)
            let key = try wire.send(
                "POST", "/api/api-keys", token: token,
                ["name": "relay", "scopes": ["conversations:read", "conversations:write"]])
            let secret = try #require(key["key"].stringValue ?? key["secret"].stringValue)
            _ = try wire.send("GET", "/api/conversations", token: secret)
            _ = try wire.send("GET", "/api/conversations?q=ZQSEARCHZQ", token: token)
            let visit = try wire.send(
                "POST", "/api/widget/sessions", ["key": .string(tenant.widgetKey), "visitorId": "ZQVISITORZQ"])
            let visitor = try #require(visit["token"].stringValue)
            let conversation = try wire.send(
                "POST", "/api/conversations", token: visitor, ["title": "ZQTITLEZQ"], headers: ["Prefer": "wait=5"])
            let path = "/api/conversations/\(conversation["id"].stringValue ?? "")/messages"
            for content in ["ZQCONTENTZQ", "@sales ZQMENTIONZQ", "@mem remember ZQMEMORYZQ"] {
                let reply = try wire.send(
                    "POST", path, token: visitor, ["content": .string(content)], headers: ["Prefer": "wait=5"])
                #expect(reply.status == 201)
            }
            // Wrong in every way that is answered with words about the input.
            _ = try wire.send("POST", path, token: visitor, ["content": ["ZQTYPEZQ"], "role": "ZQROLEZQ"])
            _ = try wire.send("GET", "/api/customers?externalId=ZQEXTERNALZQ", token: token)
            _ = try wire.send("GET", "/api/conversations", token: "sb_live_ZQTOKENZQ")
            _ = try wire.send("GET", "/api/conversations", token: token + "ZQFORGEDZQ")
            _ = try wire.send("POST", "/api/auth/refresh", ["refreshToken": "ZQREFRESHZQ"])
            return [
                token, secret, visitor, Tenant.password, tenant.email, "ZQNAMEZQ", "ZQWRONGZQ", "ZQSEARCHZQ",
                "ZQVISITORZQ", "ZQTITLEZQ", "ZQCONTENTZQ", "ZQMENTIONZQ", "ZQMEMORYZQ", "ZQTYPEZQ", "ZQROLEZQ",
                "ZQEXTERNALZQ", "ZQTOKENZQ", "ZQFORGEDZQ", "ZQREFRESHZQ",
            ]
        }
    }
}
